namespace Functional.Core.Tests

open System
open Functional.Core
open Xunit

/// The area under the curve against counting pairs.
type AurocTests() =
    /// The share of pairs in which the second score is higher; a tie is half a pair.
    static let byPairs (below: float[]) (above: float[]) =
        Array.allPairs below above
        |> Array.averageBy (fun (low, high) ->
            if high > low then 1.0
            elif high = low then 0.5
            else 0.0)

    static let draws seed count =
        (Sample.normal (Key.ofSeed seed) Float64 [ count ]).ToFloat64s()

    [<Theory>]
    [<InlineData(1, 1)>]
    [<InlineData(1, 40)>]
    [<InlineData(70, 30)>]
    member _.``ranks give what counting pairs gives``(first: int, second: int) =
        for seed in 1L .. 10L do
            let below, above =
                draws seed first, draws (seed + 100L) second |> Array.map ((+) 0.5)

            Assert.Equal(byPairs below above, Auroc.ofScores below above, 12)

    [<Fact>]
    member _.``ties count half, within a set and between sets``() =
        for seed in 1L .. 10L do
            let tied = Array.map round
            let below, above = tied (draws seed 50), tied (draws (seed + 100L) 40)
            Assert.Equal(byPairs below above, Auroc.ofScores below above, 12)

        Assert.Equal(0.5, Auroc.ofScores [| 2.0; 2.0; 2.0 |] [| 2.0 |])

    [<Fact>]
    member _.``sets that lie apart have 1 and 0``() =
        let low, high = [| 1.0; 2.0; -infinity |], [| 3.0; infinity |]
        Assert.Equal(1.0, Auroc.ofScores low high)
        Assert.Equal(0.0, Auroc.ofScores high low)

    [<Fact>]
    member _.``no scores, and scores that are not numbers, are refused``() =
        let refused found below above =
            Assert.Contains(found, throws<ArgumentException>(fun () -> Auroc.ofScores below above |> ignore).Message)

        refused "auroc: above: found no scores" [| 1.0 |] [||]
        refused "auroc: below: found no scores" [||] [| 1.0 |]
        refused "auroc: below: found a score that is not a number" [| nan |] [| 1.0 |]
