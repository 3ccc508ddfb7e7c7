namespace Functional.Core.Tests

open System
open FsCheck
open Functional.Core
open Xunit

type DatasetTests() =
    let key = Threefry.ofSeed 5L

    /// `count` rows of 2 numbers that tell the row, labelled by it.
    let rows count =
        Dataset.create "rows" [| 2 |] (Array.init (2 * count) float32)
        |> Dataset.withLabels (Array.init count id)

    let options size dropLast =
        {
            Size = size
            Shuffle = true
            DropLast = dropLast
        }

    [<Fact>]
    member _.``rows and labels must fit``() =
        throws<ShapeException>(fun () -> Dataset.create "x" [| 2 |] [| 1.0f |] |> ignore)
        |> ignore

        throws<ShapeException>(fun () -> Dataset.create "x" [| 0 |] [||] |> ignore)
        |> ignore

        throws<ShapeException>(fun () -> rows 2 |> Dataset.withLabels [| 0 |] |> ignore)
        |> ignore

        throws<ShapeException>(fun () -> rows 2 |> Dataset.withClasses [| "only" |] |> ignore)
        |> ignore

        throws<ArgumentException>(fun () -> rows 2 |> Dataset.slice 1 2 |> ignore)
        |> ignore

    [<Fact>]
    member _.``splitting and appending are inverse``() =
        Check.QuickThrowOnFailure(fun (PositiveInt count) (fraction: NormalFloat) ->
            let whole = rows count
            let fraction = abs fraction.Get % 1.0
            let first, rest = Dataset.split fraction whole
            let again = Dataset.append rest first

            first.Count = int (fraction * float count)
            && again.Features = whole.Features
            && again.Labels = whole.Labels)

    [<Fact>]
    member _.``gathering takes rows with their labels``() =
        let set = rows 4 |> Dataset.gather [| 3; 0 |]
        Assert.Equal<float32[]>([| 6.0f; 7.0f; 0.0f; 1.0f |], set.Features)
        Assert.Equal<int32[] option>(Some [| 3; 0 |], set.Labels)
        Assert.Equal<float32[]>([| 0.0f; 1.0f |], (Dataset.row 1 set).ToArray())

    [<Fact>]
    member _.``shuffling keeps every row with its label, and depends on the key alone``() =
        let set = rows 50
        let shuffled = Dataset.shuffle key set
        Assert.Equal<int32[]>([| 0..49 |], Array.sort shuffled.Labels.Value)
        Assert.NotEqual<int32[]>(set.Labels.Value, shuffled.Labels.Value)
        Assert.All(Array.indexed shuffled.Labels.Value, (fun (i, label) -> Assert.Equal(float32 (2 * label), shuffled.Features[2 * i])))
        Assert.Equal<float32[]>(shuffled.Features, (Dataset.shuffle key set).Features)
        Assert.NotEqual<float32[]>(shuffled.Features, (Dataset.shuffle (Threefry.ofSeed 6L) set).Features)

    [<Fact>]
    member _.``balanced rows are as many of each label as of any other, while there are enough``() =
        let labels = Array.init 60 (fun row -> if row < 5 then 0 else 1 + row % 3)

        let set =
            Dataset.create "set" [| 1 |] (Array.init 60 float32)
            |> Dataset.withLabels labels

        let rowsOf (set: Dataset) = set.Features |> Array.map int

        let counts (set: Dataset) =
            set.Labels.Value |> Array.countBy id |> Array.sort

        let chosen count = Dataset.balanced key count set
        Assert.Equal<(int * int)[]>([| 0, 4; 1, 4; 2, 4; 3, 4 |], counts (chosen 16))
        Assert.Equal<(int * int)[]>([| 0, 5; 1, 9; 2, 8; 3, 8 |], counts (chosen 30))
        Assert.Equal<int[]>([| 0..59 |], Array.sort (rowsOf (chosen 100)))
        Assert.Equal<int[]>(rowsOf (chosen 16), rowsOf (chosen 30) |> Array.take 16)
        Assert.Distinct(rowsOf (chosen 30))
        Assert.Equal<int[]>(rowsOf (chosen 16) |> Array.map (fun row -> labels[row]), (chosen 16).Labels.Value)
        Assert.NotEqual<int[]>(rowsOf (chosen 16), rowsOf (Dataset.balanced (Threefry.ofSeed 99L) 16 set))

        let unlabelled = Dataset.create "set" [| 1 |] [| 1f |]

        let message =
            throws<InvalidOperationException>(fun () -> Dataset.balanced key 1 unlabelled |> ignore).Message

        Assert.Contains("Dataset.balanced: found no labels in set", message)

    [<Fact>]
    member _.``transposing turns columns into rows, and twice gives the set back``() =
        let set =
            Dataset.create "x" [| 3 |] [| 1f; 2f; 3f; 4f; 5f; 6f |]
            |> Dataset.withLabels [| 0; 1 |]
            |> Dataset.withWeights [| 1f; 2f |]

        let turned = Dataset.transpose set
        Assert.Equal<float32[]>([| 1f; 4f; 2f; 5f; 3f; 6f |], turned.Features)
        Assert.Equal<int[]>([| 2 |], turned.Shape)
        Assert.Equal((None, None), (turned.Labels, turned.Weights))
        Assert.Equal<float32[]>(set.Features, (Dataset.transpose turned).Features)

    [<Fact>]
    member _.``rescaling takes the reference to 0 and 1, column by column``() =
        let training = Dataset.create "x" [| 3 |] [| 1f; -2f; 7f; 3f; 2f; 7f; 2f; 0f; 7f |]
        let test = Dataset.create "x" [| 3 |] [| 5f; -4f; 8f |]
        Assert.Equal<float32[]>([| 0f; 0f; 0f; 1f; 1f; 0f; 0.5f; 0.5f; 0f |], (Dataset.rescale training training).Features)
        Assert.Equal<float32[]>([| 2f; -0.5f; 1f |], (Dataset.rescale training test).Features)
        Assert.NotEqual<string>(Dataset.contentHash test, (Dataset.rescale training test).Sha256)

        throws<ShapeException>(fun () -> Dataset.rescale (rows 3) training |> ignore)
        |> ignore

        throws<ShapeException>(fun () -> Dataset.rescale (Dataset.take 0 training) training |> ignore)
        |> ignore

    [<Fact>]
    member _.``an epoch deals every row once, in full batches and a last short one``() =
        Check.QuickThrowOnFailure(fun (PositiveInt count) (PositiveInt size) ->
            let set = rows count
            let epoch = Batches.epoch (options size false) key 3 set
            let features, labels = Array.zeroCreate (2 * size), Array.zeroCreate size

            let dealt =
                [|
                    for batch in 0 .. epoch.Count - 1 do
                        let filled = epoch.Fill(batch, features.AsSpan())
                        Assert.Equal(epoch.RowsOf batch, filled)
                        Assert.Equal(filled, epoch.FillLabels(batch, labels.AsSpan()))

                        // A row and its label stay together.
                        for i in 0 .. filled - 1 do
                            Assert.Equal(float32 (2 * labels[i]), features[2 * i])

                        yield! Array.take filled labels
                |]

            Array.sort dealt = Array.init count id
            && epoch.Count = (count + size - 1) / size)

    [<Fact>]
    member _.``dropping the last batch leaves full ones``() =
        let epoch = Batches.epoch (options 3 true) key 0 (rows 8)
        Assert.Equal(2, epoch.Count)
        Assert.Equal(3, epoch.RowsOf 1)

        throws<ArgumentException>(fun () -> epoch.RowsOf 2 |> ignore) |> ignore

        throws<ArgumentException>(fun () -> Batches.epoch (options 9 true) key 0 (rows 8) |> ignore)
        |> ignore

        throws<ArgumentException>(fun () -> Batches.epoch (options 0 false) key 0 (rows 8) |> ignore)
        |> ignore

    [<Fact>]
    member _.``the order depends on the key and the epoch alone``() =
        let order key epoch =
            (Batches.epoch (options 50 false) key epoch (rows 50)).Indices(0).ToArray()

        Assert.Equal<int[]>(order key 1, order key 1)
        Assert.NotEqual<int[]>(order key 1, order key 2)
        Assert.NotEqual<int[]>(order key 1, order (Threefry.ofSeed 6L) 1)

        let sorted =
            Batches.epoch
                { options 50 false with
                    Shuffle = false
                }
                key
                1
                (rows 50)

        Assert.Equal<int[]>([| 0..49 |], sorted.Indices(0).ToArray())

    [<Fact>]
    member _.``filling allocates nothing``() =
        let epoch = Batches.epoch (options 10 false) key 0 (rows 100)
        let features, labels = Array.zeroCreate 20, Array.zeroCreate 10

        let fill () =
            for batch in 0..9 do
                epoch.Fill(batch, Span features) |> ignore
                epoch.FillLabels(batch, Span labels) |> ignore

        fill ()
        let before = GC.GetAllocatedBytesForCurrentThread()
        fill ()
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread())
