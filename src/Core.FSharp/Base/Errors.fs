namespace Functional.Core

open System
open System.IO

/// An operation was given tensors whose shapes or element types do not fit together.
type ShapeException(message: string) =
    inherit ArgumentException(message)

/// Every message a user can see is built here, as one sentence: operation, what was found, what was expected, where, and the fix.
[<RequireQualifiedAccess>]
module Errors =
    let private ending (text: string) =
        if text.EndsWith '.' || text.EndsWith '?' then
            text
        else
            text + "."

    let private sentence (subject: string) (found: string) (expected: string) (fix: string) =
        let fix = if fix = "" then "" else "; " + fix
        ending $"{subject}: found {found}, expected {expected}{fix}"

    /// A shape as it is written in messages: [2; 3].
    let show (shape: int[]) = "[" + String.Join("; ", shape) + "]"

    /// Shapes or element types do not fit: `operation`, what was `found`, what was `expected`, and how to `fix` it ("" when obvious).
    let shape (operation: string) (found: string) (expected: string) (fix: string) : 'a =
        raise (ShapeException(sentence operation found expected fix))

    /// The error of a part, with the part's place before it.
    let inside (place: string) (error: ShapeException) : 'a =
        raise (ShapeException($"{place}: {error.Message}"))

    /// An index that was met while running lies outside of its axis.
    let index (operation: string) (found: string) (expected: string) : 'a =
        raise (IndexOutOfRangeException(sentence operation found expected ""))

    /// An option or argument is out of range: `name` is the option as the user wrote it.
    let option (name: string) (found: string) (expected: string) (fix: string) : 'a =
        raise (ArgumentException(sentence name found expected fix, name))

    /// A file is wrong: `place` is "line 3, column 2" or "byte 16".
    let data (file: string) (place: string) (found: string) (expected: string) (fix: string) : 'a =
        let where = if place = "" then file else $"{file}, {place}"
        raise (InvalidDataException(sentence where found expected fix))

    /// A call that can not be answered in the present state, such as asking for numbers while `compile` traces.
    let state (operation: string) (found: string) (expected: string) (fix: string) : 'a =
        raise (InvalidOperationException(sentence operation found expected fix))
