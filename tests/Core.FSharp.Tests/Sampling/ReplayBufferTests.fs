namespace Functional.Core.Tests

open System
open Functional.Core
open Functional.Core.Engines
open Xunit

/// What chains begin with, and what becomes of their ends.
type ReplayBufferTests() =
    static let options = ReplayBuffer.defaults
    static let key = Key.ofSeed 3L

    /// A buffer of rows of one number each.
    static let holding (numbers: float seq) : ReplayBuffer =
        {
            Rows =
                {
                    Carried = Tensor.unsqueeze 1 (Tensor.vector numbers)
                }
        }

    static let numbers (buffer: ReplayBuffer) = buffer.Rows.Carried.ToFloat64s()

    [<Fact>]
    member _.``it begins full of noise``() =
        let buffer = ReplayBuffer.create options key 500 [ 2; 3 ]
        Assert.Equal(500, ReplayBuffer.capacity buffer)
        Assert.Equal<int[]>([| 500; 2; 3 |], buffer.Rows.Carried.Shape)
        let found = numbers buffer
        Assert.All(found, (fun value -> Assert.InRange(value, -1.0, 1.0)))
        Estimate.check "mean" 0.0 found
        Estimate.check "second moment" (1.0 / 3.0) (found |> Array.map (fun value -> value * value))

    [<Fact>]
    member _.``the newest ends push out the oldest rows``() =
        let stored = holding [ 1.0; 2.0; 3.0; 4.0; 5.0 ]

        let store (ends: float list) =
            ReplayBuffer.store (Tensor.unsqueeze 1 (Tensor.vector ends))

        Assert.Equal<float[]>([| 8.0; 9.0; 1.0; 2.0; 3.0 |], numbers (store [ 8.0; 9.0 ] stored))
        Assert.Equal<float[]>([| 6.0; 7.0; 8.0; 9.0; 1.0 |], stored |> store [ 8.0; 9.0 ] |> store [ 6.0; 7.0 ] |> numbers)
        Assert.Equal<float[]>([| 1.0 .. 5.0 |], numbers (store [ 1.0 .. 7.0 ] stored))

    [<Fact>]
    member _.``what it held stays as it was``() =
        let old = ReplayBuffer.create options key 50 [ 4 ]
        let before = numbers old
        let turn = compile (fun (buffer, ends) -> ReplayBuffer.store ends buffer)
        let next = turn (old, Tensor.full Float32 [ 20; 4 ] 7.0)
        Assert.All(numbers next |> Array.take 80, (fun value -> Assert.Equal(7.0, value)))
        Assert.Equal<float[]>(Array.take 120 before, numbers next |> Array.skip 80)
        Assert.Equal<float[]>(before, numbers old)

    [<Fact>]
    member _.``as many chains begin in noise as a binomial draw says, and the others in rows drawn alike``() =
        let count, rows = 20_000, 16
        // Numbers that noise can not have, a different one for each row.
        let buffer = holding [ for row in 1..rows -> float (10 * row) ]
        let drawn = (ReplayBuffer.draw options key count buffer).ToFloat64s()
        let fresh, old = drawn |> Array.partition (fun value -> value < 1.0)
        Estimate.check "refresh" options.Refresh (drawn |> Array.map (fun value -> if value < 1.0 then 1.0 else 0.0))
        Assert.All(fresh, (fun value -> Assert.InRange(value, -1.0, 1.0)))

        for row in 1..rows do
            let isRow =
                old |> Array.map (fun value -> if value = float (10 * row) then 1.0 else 0.0)

            Estimate.check $"row {row}" (1.0 / float rows) isRow

    [<Theory>]
    [<InlineData(0.0)>]
    [<InlineData(1.0)>]
    member _.``all chains go on, or all begin anew``(refresh: float) =
        let drawn =
            (ReplayBuffer.draw { options with Refresh = refresh } key 1000 (holding [ 5.0; 6.0; 7.0 ])).ToFloat64s()

        Assert.All(drawn, (fun value -> Assert.Equal((refresh = 0.0), (value >= 5.0))))

    [<Fact>]
    member _.``rows come whole``() =
        let buffer: ReplayBuffer =
            {
                Rows =
                    {
                        Carried = Tensor.matrix [ for row in 0..9 -> [ float (10 + row); float (100 + row) ] ]
                    }
            }

        let drawn =
            (ReplayBuffer.draw options key 500 buffer).ToFloat64s() |> Array.chunkBySize 2

        Assert.All(drawn, (fun row -> Assert.True(row[1] = row[0] + 90.0 || max (abs row[0]) (abs row[1]) <= 1.0)))

    [<Fact>]
    member _.``the key alone decides, at any number of threads``() =
        let buffer = ReplayBuffer.create options key 300 [ 5 ]

        let drawOn threads seed =
            let engine: Engine = Cpu.create { Cpu.defaults with Threads = threads }

            let draw =
                compileOn engine (fun (key, buffer) -> ReplayBuffer.draw options key 128 buffer)

            (draw (Key.ofSeed seed, buffer)).ToFloat64s()

        Assert.Equal<float[]>(drawOn 1 8L, drawOn 3 8L)
        Assert.NotEqual<float[]>(drawOn 1 8L, drawOn 1 9L)

    [<Fact>]
    member _.``what makes no buffer is refused``() =
        let refused (found: string) (create: unit -> ReplayBuffer) =
            Assert.Contains(found, throws<ArgumentException>(fun () -> create () |> ignore).Message)

        refused "buffer: found 0 rows" (fun () -> ReplayBuffer.create options key 0 [ 2 ])
        refused "refresh: found 1.5, expected 0 to 1" (fun () -> ReplayBuffer.create { options with Refresh = 1.5 } key 9 [ 2 ])
        refused "noise: found 1 to 1" (fun () -> ReplayBuffer.create { options with Noise = 1.0, 1.0 } key 9 [ 2 ])
