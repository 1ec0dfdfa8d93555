//! Which examination is meant, whatever the year?

/// Code of a kind of procedure: ВПР, ОГЭ, ЕГЭ and whatever else the dictionary names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KindCode(pub u8);

/// Code of a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubjectCode(pub u8);

/// Code of a level, such as the base and the profile level of mathematics; 0 where there is only one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LevelCode(pub u8);

/// A kind of examination with its subject, grade and level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Procedure {
    /// What kind of examination.
    pub kind: KindCode,
    /// Which subject.
    pub subject: SubjectCode,
    /// Grade of the programme that is examined, 1–11. An autumn examination of a spring programme keeps the grade of
    /// the programme.
    pub grade: u8,
    /// Which level.
    pub level: LevelCode,
}

impl Procedure {
    /// The four codes in one number, in the order of the fields: the form that is stored and compared quickly.
    pub fn packed(self) -> u32 {
        u32::from_be_bytes([self.kind.0, self.subject.0, self.grade, self.level.0])
    }

    /// The procedure of a packed number.
    pub fn from_packed(packed: u32) -> Self {
        let [kind, subject, grade, level] = packed.to_be_bytes();
        Self { kind: KindCode(kind), subject: SubjectCode(subject), grade, level: LevelCode(level) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Procedure;

    proptest! {
        #[test]
        fn packing_keeps_the_procedure_and_the_order(a: u32, b: u32) {
            let (first, second) = (Procedure::from_packed(a), Procedure::from_packed(b));
            prop_assert_eq!(first.packed(), a);
            prop_assert_eq!(first.cmp(&second), a.cmp(&b));
        }
    }
}
