namespace Functional.Core.Tests

open System
open Functional.Core
open Xunit

type ErrorsTests() =
    [<Fact>]
    member _.``a message is one sentence with found, expected and fix``() =
        let error =
            throws<ShapeException>(fun () -> Errors.shape "matmul" "[2; 3] by [4; 5]" "inner sizes that agree" "transpose one side")

        Assert.Equal("matmul: found [2; 3] by [4; 5], expected inner sizes that agree; transpose one side.", error.Message)

    [<Fact>]
    member _.``an option error names the option``() =
        let error =
            throws<ArgumentException>(fun () -> Errors.option "epochs" "0" "1 or more" "")

        Assert.Equal("epochs", error.ParamName)
