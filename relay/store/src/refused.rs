//! Why a change was not made although the database is well.

/// A change that was refused. Nothing of it was kept, and the log of changes does not mention it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// A text that has to be given is empty.
    #[error("{field} is empty; up to {limit} characters are wanted")]
    Empty {
        /// Which text.
        field: &'static str,
        /// How many characters it may have.
        limit: usize,
    },
    /// A text is too long.
    #[error("{field} is longer than {limit} characters")]
    TooLong {
        /// Which text.
        field: &'static str,
        /// How many characters it may have.
        limit: usize,
    },
    /// An id or a value that cannot be taken as it is.
    #[error("{field} is not a value that can be kept")]
    Value {
        /// Which one.
        field: &'static str,
    },
    /// There are as many as there may be.
    #[error("there are {limit} {what} already, no more can be kept")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many there may be.
        limit: usize,
    },
    /// Somebody else has this name or id.
    #[error("another {kind} has this {field}")]
    Taken {
        /// What kind of thing has it.
        kind: &'static str,
        /// Which of its fields.
        field: &'static str,
    },
    /// It speaks of something that is not there.
    #[error("there is no {kind} {id:?}")]
    Unknown {
        /// What kind of thing is missing.
        kind: &'static str,
        /// Its id.
        id: String,
    },
    /// Others need it.
    #[error("it is used by {}", by.join(", "))]
    InUse {
        /// Their names.
        by: Vec<String>,
    },
    /// It came with the product.
    #[error("a built-in role cannot be changed")]
    BuiltIn,
}
