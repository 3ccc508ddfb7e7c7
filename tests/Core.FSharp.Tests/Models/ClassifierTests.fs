namespace Functional.Core.Tests

open System
open System.IO
open Functional.Core
open Functional.Core.Engines
open Xunit

/// Losses, weights and measures of classifiers against loops, and a training of one.
type ClassifierTests() =
    static let key = Key.ofSeed 5L

    static let labels = [| 0; 2; 1; 2; 2 |]

    static let logits =
        [|
            [| 1.0; -2.0; 0.5 |]
            [| 0.0; 3.0; 3.0 |]
            [| 0.0; 0.0; 0.0 |]
            [| 9.0; -9.0; 2.0 |]
            [| -1.0; -1.0; 4.0 |]
        |]

    static let batch weights : Batch =
        {
            Rows = Tensor.zeros Float64 [ 5; 2 ]
            Labels = Some(Tensor.ofInt32s [ 5 ] labels)
            Weights = weights |> Option.map (Tensor.ofFloat64s [ 5 ])
        }

    static let lossOf classWeights weights =
        (Classifier.loss classWeights (batch weights) (Tensor.ofFloat64s [ 5; 3 ] (Array.concat logits))).ToScalar()

    /// −log p(label) of each row.
    static let surprise =
        Array.map2 (fun (row: float[]) label -> log (Array.sumBy exp row) - row[label]) logits labels

    /// Images of 6 by 6 with a bar: down the left, the middle or the right, with noise.
    static let bars seed count =
        let noise = Threefry.ofSeed seed

        let features =
            Array.init (count * 36) (fun i ->
                let row, column = i / 36, i % 6

                (if column / 2 = row % 3 then 0.7f else 0.0f)
                + 0.3f * Threefry.uniform noise (int64 i))

        Dataset.create "bars" [| 6; 6 |] features
        |> Dataset.withLabels (Array.init count (fun row -> row % 3))

    static let specs =
        LayerText.parse "conv:4:3:padding=same,batchnorm,relu,maxpool:2,flatten,dropout:0.2,dense:8,elu"

    static let train = bars 1L 26

    static let options =
        { TrainingOptions.defaults with
            Epochs = 3
            BatchSize = 6
            Optimizer = Optimizer.adam 0.01
        }

    static let start threads options =
        let engine = Cpu.create { Cpu.defaults with Threads = threads }
        Training(engine, Classifier.objective [], options, Classifier.create specs 3 key [ 1; 6; 6 ], train, Some(bars 2L 15))

    static let numbers (training: Training<Classifier>) = VaeStep.numbers training.State

    static let finish (training: Training<Classifier>) =
        let notes = Notes 0
        Assert.True(training.Run(notes, notes.Token))
        notes

    static let whole =
        lazy
            (let training = start 2 options
             finish training |> ignore
             numbers training)

    [<Fact>]
    member _.``the loss is the weighted sum over rows, divided by their number``() =
        let weights = [| 1.0; 0.5; 0.0; 2.0; 3.0 |]
        let classes = [ 1.0; 4.0; 0.25 ]
        Close.check "plain" 1e-12 [| Array.average surprise |] [| lossOf [] None |]
        let rows = Array.map2 (*) weights surprise
        Close.check "rows" 1e-12 [| Array.sum rows / 5.0 |] [| lossOf [] (Some weights) |]
        let both = Array.map2 (fun label value -> classes[label] * value) labels rows
        Close.check "both" 1e-12 [| Array.sum both / 5.0 |] [| lossOf classes (Some weights) |]

    [<Fact>]
    member _.``balanced weights give each class the same total``() =
        let weights = Classifier.balancedWeights 4 labels
        Close.check "weights" 1e-12 [| 5.0 / 3.0; 5.0 / 3.0; 5.0 / 9.0; 0.0 |] (List.toArray weights)
        Close.check "sum over rows" 1e-12 [| 5.0 |] [| labels |> Array.sumBy (fun label -> weights[label]) |]

    [<Fact>]
    member _.``accuracy counts rows whose first largest logit is the label's``() =
        let x = Tensor.ofFloat64s [ 5; 3 ] (Array.concat logits)
        Close.check "accuracy" 1e-12 [| 2.0 / 5.0 |] [| (Classifier.accuracy (batch None) x).ToScalar() |]

    [<Fact>]
    member _.``confusion counts pairs, and errors are what lies off its diagonal``() =
        let random = Random 1
        let labels = Array.init 300 (fun _ -> random.Next 4)
        let predicted = Array.init 300 (fun _ -> random.Next 4)
        let confusion = Confusion.create 4 labels predicted

        for label in 0..3 do
            for guess in 0..3 do
                let expected =
                    Seq.zip labels predicted |> Seq.filter ((=) (label, guess)) |> Seq.length

                Assert.Equal(expected, confusion.Counts[label, guess])

            let wrong =
                Seq.zip labels predicted
                |> Seq.filter (fun (l, p) -> l = label && p <> l)
                |> Seq.length

            Assert.Equal(wrong, (Confusion.errorsByClass confusion)[label])

        let right = Array.map2 (=) labels predicted |> Array.filter id |> Array.length
        Close.check "accuracy" 1e-12 [| float right / 300.0 |] [| Confusion.accuracy confusion |]
        Assert.Equal(300, Array.sum (Confusion.rowsByClass confusion))

    [<Fact>]
    member _.``units for the classes are added where the layers do not end in them``() =
        let last text =
            let classifier = Classifier.create (LayerText.parse text) 3 key [ 4 ]
            List.length classifier.Layers, (Classifier.logits classifier (Tensor.zeros Float32 [ 2; 4 ])).Shape

        Assert.Equal((3, [| 2; 3 |]), last "dense:5,relu")
        Assert.Equal((3, [| 2; 3 |]), last "dense:5,relu,dense:3")

    [<Fact>]
    member _.``features are what the last dense layer sees``() =
        let classifier = Classifier.create specs 3 key [ 1; 6; 6 ]
        let rows = Tensor.ofFloat32s [ 26; 36 ] train.Features
        let features = Classifier.features classifier rows
        Assert.Equal<int[]>([| 26; 8 |], features.Shape)

        match List.last classifier.Layers with
        | Dense output ->
            Close.check "logits" 1e-5 ((Dense.apply output features).ToFloat64s()) ((Classifier.logits classifier rows).ToFloat64s())
        | layer -> Assert.Fail $"{layer}"

    [<Fact>]
    member _.``what can not be learnt from is refused``() =
        let refused action =
            throws<ArgumentException>(fun () -> action () |> ignore).Message

        let set = Dataset.create "points" [| 2 |] (Array.zeroCreate 6)
        Assert.StartsWith("data: found no labels in points, expected a label for each row", refused (fun () -> Classifier.check 3 set))
        let labelled = Dataset.withLabels [| 0; 3; 1 |] set
        Assert.StartsWith("data: found label 3 at row 1 of points, expected 0 to 2", refused (fun () -> Classifier.check 3 labelled))

        let build text classes () =
            Classifier.create (LayerText.parse text) classes key [ 4 ]

        Assert.StartsWith("layers: found 10 units in the last layer, expected 3", refused (build "relu,dense:10" 3))
        Assert.StartsWith("layers: found softmax as the last layer, expected logits", refused (build "dense:3,softmax" 3))
        Assert.StartsWith("classes: found 1, expected 2 or more", refused (build "relu" 1))

        Assert.StartsWith(
            "confusion: found label 1 and prediction 3, expected 0 to 2",
            refused (fun () -> Confusion.create 3 [| 1 |] [| 3 |])
        )

    [<Fact>]
    member _.``classes are the last layer's units, the names, or what the labels need``() =
        let set =
            Dataset.create "points" [| 2 |] (Array.zeroCreate 6)
            |> Dataset.withLabels [| 0; 2; 1 |]

        let named = Dataset.withClasses [| "a"; "b"; "c"; "d" |] set

        let count text set =
            Classifier.classesOf (LayerText.parse text) set

        Assert.Equal<int list>([ 3; 4; 10 ], [ count "relu" set; count "relu" named; count "dense:10" named ])

    [<Fact>]
    member _.``it learns, and held-out rows too``() =
        let notes = finish (start 2 { options with Epochs = 30 })
        let last = Map.ofArray (List.last notes.Epochs).Metrics
        Assert.Equal(1.0, last["val_accuracy"])
        Assert.True(last["val_loss"] < 0.2, $"{last}")

    [<Theory>]
    [<InlineData 1>]
    [<InlineData 3>]
    member _.``bits are the same at any number of threads``(threads: int) =
        let training = start threads options
        finish training |> ignore
        Assert.Equal<float[]>(whole.Value, numbers training)

    [<Fact>]
    member _.``a training that was cut goes on to the same bits, running statistics among them``() =
        let path =
            Path.Combine(Path.GetTempPath(), $"functional-{Guid.NewGuid()}.safetensors")

        try
            let first = start 2 options
            let notes = Notes 7
            Assert.False(first.Run(notes, notes.Token))
            first.Save(path, Map.empty)
            let second = start 1 options
            second.Restore path |> ignore
            finish second |> ignore
            Assert.Equal<float[]>(whole.Value, numbers second)
        finally
            File.Delete path

    [<Fact>]
    member _.``statistics move in training, and a frozen layer stays whole``() =
        let leaf path (training: Training<Classifier>) =
            Tree.leaves training.Parameters
            |> Array.find (fun leaf -> leaf.Path = path)
            |> _.Tensor.ToFloat64s()

        let free = start 2 options

        let frozen =
            start
                2
                { options with
                    Frozen = [ "Layers.0"; "Layers.1" ]
                }

        let before path = leaf path (start 2 options)

        for training in [ free; frozen ] do
            finish training |> ignore

        for path in [ "Layers.0.Weight"; "Layers.1.Scale"; "Layers.1.Mean"; "Layers.1.Variance" ] do
            Assert.Equal<float[]>(before path, leaf path frozen)
            Assert.NotEqual<float[]>(before path, leaf path free)

        Assert.NotEqual<float[]>(before "Layers.6.Weight", leaf "Layers.6.Weight" frozen)
