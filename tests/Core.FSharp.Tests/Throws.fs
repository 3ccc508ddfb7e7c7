[<AutoOpen>]
module Functional.Core.Tests.Throws

open System
open Xunit

/// Runs `action`, which must throw exactly 'e, and gives the exception.
let throws<'e when 'e :> exn> (action: unit -> unit) : 'e = Assert.Throws<'e>(Action action)
