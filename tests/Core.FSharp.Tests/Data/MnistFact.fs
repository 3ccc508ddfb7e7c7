namespace Functional.Core.Tests

open Functional.Core
open Xunit

/// A test that needs the real MNIST; where no folder of FUNCTIONAL_DATA has it, the test is reported as skipped.
type MnistFactAttribute() as this =
    inherit FactAttribute()

    do
        if
            Sources.list None
            |> List.exists (fun entry -> entry.Name = "mnist" && entry.Place.IsNone)
        then
            this.Skip <- "no folder of FUNCTIONAL_DATA has mnist"
