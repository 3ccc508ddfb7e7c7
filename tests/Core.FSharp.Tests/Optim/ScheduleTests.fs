namespace Functional.Core.Tests

open System
open Functional.Core
open Xunit

/// Rates by step against their formulas.
type ScheduleTests() =
    static let check schedule (expected: float -> float) =
        let factor = compile (RateSchedule.factor schedule)

        for step in 0..40 do
            let found = factor (Tensor.full Int32 [] (float step))
            Assert.Equal(Float64, found.DType)
            Close.check $"{schedule} at {step}" 1e-14 [| expected (float step) |] [| found.ToScalar() |]

    [<Fact>]
    member _.``constant``() = check Constant (fun _ -> 1.0)

    [<Fact>]
    member _.``warmup rises to 1 and stays``() =
        check (Warmup 10) (fun step -> min 1.0 ((step + 1.0) / 10.0))

    [<Fact>]
    member _.``step decay falls at once``() =
        check (StepDecay(7, 0.5)) (fun step -> Math.Pow(0.5, floor (step / 7.0)))

    [<Fact>]
    member _.``exponential decay falls all along``() =
        check (ExponentialDecay(7, 0.5)) (fun step -> Math.Pow(0.5, step / 7.0))

    [<Fact>]
    member _.``cosine ends at its floor and stays``() =
        check (Cosine(30, 0.1)) (fun step -> 0.1 + 0.9 * 0.5 * (1.0 + cos (Math.PI * min 1.0 (step / 30.0))))
