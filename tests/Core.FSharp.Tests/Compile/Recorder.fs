namespace Functional.Core.Tests

open System.Collections.Concurrent
open Functional.Core.Compile
open Functional.Core.Engines

/// An engine that does what another does and notes the programs it is asked to prepare.
[<Sealed>]
type Recorder(inner: Engine) =
    let programs = ConcurrentQueue<Program>()

    member _.Programs = programs.ToArray()

    member recorder.Engine: Engine =
        { new Engine with
            member _.Name = inner.Name

            member _.Prepare program =
                programs.Enqueue program
                inner.Prepare program
        }
