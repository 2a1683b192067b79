//! Statistics over values: intervals, tests and what they need. Every formula has reference values as its tests.
