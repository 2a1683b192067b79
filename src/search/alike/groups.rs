//! Joining pairs to groups.

/// Which things belong together, directly or by way of others.
#[derive(Debug)]
pub struct Groups {
    parents: Vec<usize>,
}

impl Groups {
    pub fn new(count: usize) -> Groups {
        Groups { parents: (0..count).collect() }
    }

    /// The thing that stands for the whole group.
    pub fn find(&mut self, mut thing: usize) -> usize {
        while self.parents[thing] != thing {
            self.parents[thing] = self.parents[self.parents[thing]];
            thing = self.parents[thing];
        }
        thing
    }

    /// Join two groups; false if they were one already. The lesser of the two goes on standing for both.
    pub fn join(&mut self, a: usize, b: usize) -> bool {
        let (a, b) = (self.find(a), self.find(b));
        self.parents[a.max(b)] = a.min(b);
        a != b
    }

    /// Groups of two or more, each in order, in the order of their first.
    pub fn all(&mut self) -> Vec<Vec<usize>> {
        let mut members = vec![Vec::new(); self.parents.len()];
        for thing in 0..self.parents.len() {
            members[self.find(thing)].push(thing);
        }
        members.retain(|group| group.len() > 1);
        members
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn friends_of_friends_are_one_group() {
        let mut groups = Groups::new(6);
        assert!(groups.join(4, 1) && groups.join(5, 4) && !groups.join(1, 5));
        groups.join(3, 2);
        assert_eq!(groups.all(), [vec![1, 4, 5], vec![2, 3]]);
    }
}
