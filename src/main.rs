use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(palc::cli::main())
}
