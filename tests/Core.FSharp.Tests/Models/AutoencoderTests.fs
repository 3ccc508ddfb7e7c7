namespace Functional.Core.Tests

open System
open Functional.Core
open Xunit

/// The pieces of an autoencoder against direct formulas.
type AutoencoderTests() =
    static let dense =
        { AutoencoderShape.dense 6 [ 5; 3 ] with
            Activation = Activation.Tanh
        }

    static let images height width =
        { dense with
            Row = [ 1; height; width ]
            Filters = [ 2; 3 ]
            Hidden = [ 4 ]
        }

    static let create (shape: AutoencoderShape) =
        let bias (w: Tensor) =
            // Biases start at 0, where mistakes in them can not be seen.
            if w.Rank = 1 then
                Sample.normal (Key.ofSeed 2L) Float64 w.Shape
            else
                Tensor.cast Float64 w

        Autoencoder.create shape (Key.ofSeed 1L) |> Tree.map bias

    static let rows (shape: AutoencoderShape) count =
        Sample.uniform (Key.ofSeed 4L) Float64 [ count; List.reduce (*) shape.Row ]

    static let x = rows dense 7
    static let key = Key.ofSeed 5L
    static let numbers (tensor: Tensor) = tensor.ToFloat64s()

    static let leaf (model: Autoencoder) path =
        (Tree.leaves model |> Array.find (fun leaf -> leaf.Path = path)).Tensor

    static let batch rows =
        {
            Rows = rows
            Labels = None
            Weights = None
        }

    /// The numbers that the objective reports, its loss first.
    static let report corruption model x =
        (Autoencoder.objective corruption).Evaluate model key (batch x)
        |> List.map (fun (name, value) -> name, value.ToScalar())

    static let lossOf corruption (model: Autoencoder) x =
        let outcome =
            (Autoencoder.objective corruption).Loss
                model
                {
                    Key = key
                    Step = Tensor.zeros DType.Int32 []
                    Batch = batch x
                }

        outcome.Loss

    static let meanSquare (a: float[]) (b: float[]) =
        Array.map2 (fun a b -> (a - b) * (a - b)) a b |> Array.average

    [<Fact>]
    member _.``layers have the sizes asked for, the decoder's in reverse``() =
        let shape path =
            List.ofArray (leaf (create dense) path).Shape

        Assert.Equal<int list>([ 6; 5 ], shape "Stages.0.Encoder.Weight")
        Assert.Equal<int list>([ 5; 3 ], shape "Stages.1.Encoder.Weight")
        Assert.Equal<int list>([ 3; 5 ], shape "Stages.1.Decoder.Weight")
        Assert.Equal<int list>([ 5; 6 ], shape "Stages.0.Decoder.Weight")
        Assert.Equal(8, (Tree.leaves (create dense)).Length)
        Assert.Equal(6, (Tree.leaves (create { dense with IsTied = true })).Length)

    [<Fact>]
    member _.``dense layers follow the formula, with free and with tied weights``() =
        for isTied in [ false; true ] do
            let model = create { dense with IsTied = isTied }
            let w i = leaf model $"Stages.{i}.Encoder.Weight"

            let back i =
                if isTied then
                    Tensor.transpose (w i), leaf model $"Stages.{i}.Decoder.Bias"
                else
                    leaf model $"Stages.{i}.Decoder.Weight", leaf model $"Stages.{i}.Decoder.Bias"

            let affine x (weight, bias) = Tensor.matmul x weight + bias

            let encode x i =
                Tensor.tanh (affine x (w i, leaf model $"Stages.{i}.Encoder.Bias"))

            let code = encode (encode x 0) 1
            let output = affine (Tensor.tanh (affine code (back 1))) (back 0)
            Close.check "code" 1e-14 (numbers code) (numbers (Autoencoder.encode model x))
            Close.check "rows" 1e-14 (numbers output) (numbers (Autoencoder.reconstruct model x))
            Assert.Equal<float[]>(numbers (Autoencoder.reconstruct model x), numbers (Autoencoder.decode model code))

    [<Theory>]
    [<InlineData(8, 12)>]
    [<InlineData(7, 9)>]
    [<InlineData(5, 6)>]
    member _.``tied filters lead back by the transpose of the way there, whatever the size of the image``(height: int, width: int) =
        let shape =
            { images height width with
                Activation = Linear
                Hidden = []
                IsTied = true
            }

        let model =
            create shape |> Tree.map (fun w -> if w.Rank = 1 then Tensor.zerosLike w else w)

        let x = rows shape 1
        let code = Autoencoder.encode model x
        let other = Sample.normal key Float64 code.Shape

        let there, back =
            Tensor.sum (code * other), Tensor.sum (x * Autoencoder.decode model other)

        Close.tensor 1e-12 [ there.ToScalar() ] back

    [<Theory>]
    [<InlineData(8, 12, 2 * 3)>]
    [<InlineData(7, 9, 2 * 3)>]
    [<InlineData(5, 6, 2 * 2)>]
    member _.``filters halve an image, rounded up, and the way back gives its size``(height: int, width: int, positions: int) =
        let shape = images height width
        let model = create { shape with Hidden = [] }
        let x = rows shape 3
        Assert.Equal<int[]>([| 3; 3 * positions |], (Autoencoder.encode model x).Shape)
        Assert.Equal<int[]>([| 3; height * width |], (Autoencoder.reconstruct model x).Shape)

    [<Fact>]
    member _.``cross-entropy is that of the sigmoid, mean squared error that of the rows``() =
        let cost (p: float) x =
            -(x * log p + (1.0 - x) * log (1.0 - p))

        let model = create { dense with Loss = CrossEntropy }
        let p = numbers (Autoencoder.reconstruct model x)
        Assert.All(p, (fun p -> Assert.InRange(p, 0.0, 1.0)))
        let expected = (Array.map2 cost p (numbers x) |> Array.sum) / 7.0
        let squares = meanSquare p (numbers x)
        let found = report Intact model x
        Assert.Equal<string list>([ "loss"; "mse" ], List.map fst found)
        Close.check "cross-entropy" 1e-12 [| expected; squares |] (found |> List.map snd |> List.toArray)
        let plain = create dense
        let squares = meanSquare (numbers (Autoencoder.reconstruct plain x)) (numbers x)
        Close.check "mean squared" 1e-12 [| squares; squares |] (report Intact plain x |> List.map snd |> List.toArray)

    [<Fact>]
    member _.``what is corrupted is what goes in; the loss is against the clean rows``() =
        let model = create dense

        for corruption in [ GaussianNoise 0.5; Masking 0.3; RandomIntensity 0.3; InputDropout 0.3 ] do
            let output = Autoencoder.reconstruct model (Corruption.apply corruption key x)
            let expected = meanSquare (numbers output) (numbers x)
            Close.tensor 1e-12 [ expected ] (lossOf corruption model x)
            Close.check "evaluated" 1e-12 [| expected; expected |] (report corruption model x |> List.map snd |> List.toArray)

    [<Fact>]
    member _.``the gradient of the loss is what finite differences show``() =
        for shape in [ dense; images 5 6 ] do
            for isTied in [ false; true ] do
                for loss in [ MeanSquared; CrossEntropy ] do
                    let model =
                        create
                            { shape with
                                IsTied = isTied
                                Loss = loss
                            }

                    let x = rows shape 3
                    let gradient = grad (fun model -> lossOf (Masking 0.2) model x) model

                    let direction =
                        Tree.map (fun (w: Tensor) -> Sample.normal (Key.ofSeed 9L) Float64 w.Shape) model

                    let along step =
                        (lossOf (Masking 0.2) (Tree.map2 (fun w d -> w + step * d) model direction) x).ToScalar()

                    let slope =
                        Array.map2 (fun g d -> (Tensor.sum (g * d)).ToScalar()) (Tree.tensors gradient) (Tree.tensors direction)

                    Close.check "slope" 1e-6 [| (along 1e-5 - along -1e-5) / 2e-5 |] [| Array.sum slope |]

    [<Fact>]
    member _.``tied weights learn from the way there and from the way back``() =
        let shape =
            { AutoencoderShape.dense 6 [ 3 ] with
                Activation = Activation.Tanh
            }

        let tied = create { shape with IsTied = true }
        let w = leaf tied "Stages.0.Encoder.Weight"
        let b, c = leaf tied "Stages.0.Encoder.Bias", leaf tied "Stages.0.Decoder.Bias"

        // The same network with two matrices that are free to differ.
        let loss (there: Tensor, back: Tensor) =
            let output = Tensor.matmul (Tensor.tanh (Tensor.matmul x there + b)) back + c
            Tensor.mean (Tensor.square (output - x))

        let there, back = grad loss (w, Tensor.transpose w)
        let found = grad (fun model -> lossOf Intact model x) tied
        let expected = numbers (there + Tensor.transpose back)
        Close.check "gradient" 1e-12 expected (numbers (leaf found "Stages.0.Encoder.Weight"))

    [<Fact>]
    member _.``features are the weights of each unit, or each filter``() =
        let model = create dense
        let w = leaf model "Stages.0.Encoder.Weight"
        Assert.Equal<int[]>([| 5; 6 |], (Autoencoder.features model).Shape)
        Assert.Equal<float[]>(numbers (Tensor.at 1 2 w), numbers (Tensor.at 0 2 (Autoencoder.features model)))
        Assert.Equal<int[]>([| 2; 1; 3; 3 |], (Autoencoder.features (create (images 8 8))).Shape)

    [<Fact>]
    member _.``shapes that make no autoencoder are refused``() =
        let message shape =
            throws<ArgumentException>(fun () -> create shape |> ignore).Message

        Assert.Contains("hidden: found no layers, expected one or more", message { dense with Hidden = [] })
        Assert.Contains("filters: found a layer of 2 for rows of [6], expected images", message { dense with Filters = [ 2 ] })

        let sigmoid =
            { dense with
                Loss = CrossEntropy
                OutputActivation = Activation.Sigmoid
            }

        Assert.Contains("found sigmoid with the loss cross-entropy, expected linear", message sigmoid)
