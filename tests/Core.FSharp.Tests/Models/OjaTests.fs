namespace Functional.Core.Tests

open System
open System.Threading
open Functional.Core
open Xunit

/// Oja's and Sanger's rules against sums written out, their fixed points, and principal components.
type OjaTests() =
    static let key = Key.ofSeed 1L

    static let form rule activation : OjaForm =
        { Rule = rule; Activation = activation }

    static let forms =
        [
            for rule in [ OjaRule.Subspace; OjaRule.Sanger ] do
                for activation in [ Linear; Sigmoid; Activation.Tanh ] -> form rule activation
        ]

    static let apply activation (x: float) =
        match activation with
        | Sigmoid -> 1.0 / (1.0 + exp -x)
        | Activation.Tanh -> Math.Tanh x
        | _ -> x

    /// Δw_ij = mean of yⱼ·(xᵢ − F(Σₖ w_ik·yₖ)), row by row and number by number.
    static let direction (form: OjaForm) (w: float[][]) (x: float[][]) =
        let inputs, units = w.Length, w[0].Length
        let f = apply form.Activation

        let ofRow (row: float[]) i j =
            let y =
                Array.init units (fun k -> f (Seq.sum [ for i in 0 .. inputs - 1 -> row[i] * w[i][k] ]))

            let last = if form.Rule = OjaRule.Sanger then j else units - 1
            y[j] * (row[i] - f (Seq.sum [ for k in 0..last -> w[i][k] * y[k] ]))

        Array.init inputs (fun i -> Array.init units (fun j -> x |> Array.averageBy (fun row -> ofRow row i j)))

    static let weights = Matrices.normal 2L 5 3 |> Array.map (Array.map (fun x -> 0.5 * x))
    static let rows = Matrices.normal 3L 11 5

    /// Rows about 0 with variances 4, 2.25, 1 and less along known directions.
    static let spread =
        let directions =
            (Eigen.symmetric (Matrices.squares (Matrices.normal 4L 9 5))).Vectors

        let deviations = [| 2.0; 1.5; 1.0; 0.5; 0.3 |]

        let noise = Matrices.normal 5L 400 5 |> Matrices.tensor
        let scaled = noise * Tensor.ofFloat64s [ 5 ] deviations
        let x = Tensor.matmul scaled (Matrices.tensor directions)
        x - Tensor.meanOver [ 0 ] x

    static let pca count =
        Pca.fit { Pca.defaults with Components = count } key spread

    /// W after so many batch steps.
    static let learn form rate steps (w: Tensor) (x: Tensor) =
        let step = compile (fun (rate, w) -> Oja.step form rate w x)

        (w, [ 1..steps ])
        ||> List.fold (fun w _ -> step (Tensor.full Float64 [] rate, w))

    static let start units =
        Matrices.tensor (Matrices.normal 6L 5 units |> Array.map (Array.map (fun x -> 0.3 * x)))

    static let columns (w: Tensor) = Matrices.ofTensor (Tensor.transpose w)

    [<Fact>]
    member _.``the direction is that of the rule, row by row and number by number``() =
        for form in forms do
            let found = Oja.direction form (Matrices.tensor weights) (Matrices.tensor rows)
            Matrices.close $"{form}" 1e-13 (direction form weights rows) (Matrices.ofTensor found)

    [<Fact>]
    member _.``an update adds the direction, of one row or of several``() =
        let expected x =
            Array.map2 (Array.map2 (fun w d -> w + 0.1 * d)) weights (direction Oja.defaults weights x)

        let w = Matrices.tensor weights
        Matrices.close "batch" 1e-14 (expected rows) (Matrices.ofTensor (Oja.update 0.1 w (Matrices.tensor rows)))
        let one = Oja.update 0.1 w (Tensor.ofFloat64s [ 5 ] rows[0])
        Matrices.close "row" 1e-14 (expected rows[..0]) (Matrices.ofTensor one)

    [<Fact>]
    member _.``the sequential rule takes a step for each row``() =
        for form in forms do
            let expected =
                (weights, rows)
                ||> Array.fold (fun w row -> Array.map2 (Array.map2 (fun w d -> w + 0.1 * d)) w (direction form w [| row |]))

            let found = Oja.sequential form 0.1 (Matrices.tensor weights) (Matrices.tensor rows)
            Matrices.close $"{form}" 1e-13 expected (Matrices.ofTensor found)

    [<Fact>]
    member _.``for linear units it is descent on the error of reconstruction with the codes as given``() =
        let x = Matrices.tensor rows
        let w = Matrices.tensor weights
        let y = Tensor.stopGradient (Tensor.matmul x w)
        let count = float rows.Length

        let shared w =
            Tensor.sum (Tensor.square (x - Tensor.matmul y (Tensor.transpose w)))
            / (2.0 * count)

        Close.check "subspace" 1e-13 ((-(grad shared w)).ToFloat64s()) ((Oja.direction Oja.defaults w x).ToFloat64s())

        // By Sanger's rule unit j reconstructs what those before it leave.
        let ordered w =
            [
                for j in 0..2 ->
                    let before =
                        Tensor.stopGradient (Tensor.matmul (Tensor.slice 1 0 j y) (Tensor.transpose (Tensor.slice 1 0 j w)))

                    let own =
                        Tensor.matmul (Tensor.slice 1 j 1 y) (Tensor.transpose (Tensor.slice 1 j 1 w))

                    Tensor.sum (Tensor.square (x - before - own)) / (2.0 * count)
            ]
            |> List.reduce (+)

        let found = Oja.direction (form OjaRule.Sanger Linear) w x
        Close.check "Sanger" 1e-13 ((-(grad ordered w)).ToFloat64s()) (found.ToFloat64s())

    [<Fact>]
    member _.``eigenvectors are fixed points``() =
        let pca = pca 3
        let components = Tensor.transpose pca.Components

        for rule in [ OjaRule.Subspace; OjaRule.Sanger ] do
            let found = Oja.direction (form rule Linear) components spread
            Close.check $"{rule}" 1e-12 (Array.zeroCreate 15) (found.ToFloat64s())

        // Any other basis of their space is one for the subspace rule alone.
        let turn =
            Matrices.tensor (Eigen.symmetric (Matrices.squares (Matrices.normal 7L 5 3))).Vectors

        let turned = Tensor.matmul components turn

        let size rule =
            (Tensor.max (Tensor.abs (Oja.direction (form rule Linear) turned spread))).ToScalar()

        Assert.InRange(size OjaRule.Subspace, 0.0, 1e-12)
        Assert.True(size OjaRule.Sanger > 0.1)

    [<Fact>]
    member _.``one unit finds the first component, and its length becomes 1``() =
        let w = learn Oja.defaults 0.1 300 (start 1) spread
        let found = (columns w)[0]
        Assert.Equal(1.0, Matrices.dot found found, 1e-12)
        Assert.InRange(Subspace.angle (Tensor.transpose w) (pca 1).Components, 0.0, 1e-5)

    [<Fact>]
    member _.``the subspace rule finds the space, with orthonormal columns``() =
        let w = learn Oja.defaults 0.1 600 (start 3) spread
        Matrices.orthonormal 1e-9 (columns w)
        Assert.InRange(Subspace.angle (Tensor.transpose w) (pca 3).Components, 0.0, 1e-5)

    [<Fact>]
    member _.``Sanger's rule finds the components in order``() =
        let w = learn (form OjaRule.Sanger Linear) 0.1 1500 (start 3) spread
        let expected = Matrices.ofTensor (pca 3).Components

        columns w
        |> Array.iteri (fun k column ->
            let sign = float (sign (Matrices.dot column expected[k]))
            Close.check $"component {k}" 1e-7 expected[k] (column |> Array.map (fun x -> sign * x)))

    [<Fact>]
    member _.``row by row with a falling rate the first component is found as well``() =
        let w =
            (start 1, [ 1..20 ])
            ||> List.fold (fun w pass -> Oja.sequential Oja.defaults (0.03 * 0.7 ** float pass) w spread)

        Assert.InRange(Subspace.angle (Tensor.transpose w) (pca 1).Components, 0.0, 1.0)

    [<Fact>]
    member _.``a step of training is an update``() =
        for form in forms do
            let oja = Oja.create form key (pca 3)

            let oja =
                { oja with
                    Weight = Matrices.tensor weights
                }

            let input =
                {
                    Key = key
                    Step = Tensor.zeros DType.Int32 []
                    Batch =
                        {
                            Rows = spread
                            Labels = None
                            Weights = None
                        }
                }

            let optimizer = Optimizer.sgd 0.1
            let slope = grad (fun oja -> (Oja.objective.Loss oja input).Loss) oja
            let stepped, _ = Optimizer.update optimizer slope (Optimizer.init optimizer oja) oja
            let centred = spread - oja.Reference.Mean
            let expected = Oja.step form (Tensor.full Float64 [] 0.1) oja.Weight centred
            Close.check $"{form}" 1e-14 (expected.ToFloat64s()) (stepped.Weight.ToFloat64s())

            // The reference has no slope: nothing moves it.
            Assert.Equal<float[]>(oja.Reference.Mean.ToFloat64s(), stepped.Reference.Mean.ToFloat64s())

    [<Fact>]
    member _.``the loss is half the squared error of reconstruction``() =
        for form in forms do
            let oja = Oja.create form key (pca 3)
            let oja = Tree.map (Tensor.cast Float64) oja

            let batch =
                {
                    Rows = spread
                    Labels = None
                    Weights = None
                }

            let error = Tensor.sum (Tensor.square (spread - Oja.reconstruct oja spread)) / 400.0

            let outcome =
                Oja.objective.Loss
                    oja
                    {
                        Key = key
                        Step = Tensor.zeros DType.Int32 []
                        Batch = batch
                    }

            Close.tensor 1e-12 [ 0.5 * error.ToScalar() ] outcome.Loss

            let evaluated =
                Oja.objective.Evaluate oja key batch
                |> List.map (fun (name, value) -> name, value.ToScalar())
                |> Map

            Assert.Equal(0.5 * error.ToScalar(), evaluated["loss"], 1e-12)
            Assert.Equal(error.ToScalar() / 5.0, evaluated["mse"], 1e-12)
            let total = (Tensor.sum (Tensor.square spread)).ToScalar() / 400.0
            Assert.Equal(1.0 - error.ToScalar() / total, evaluated["explained_variance"], 1e-10)

    [<Fact>]
    member _.``training finds the space on plane3d, and leaves the reference as it was``() =
        let train, _ = Synthetic.plane3d (struct (1u, 2u))
        let x = Tensor.ofFloat32s [ train.Count; 3 ] train.Features
        let reference = Pca.fit { Pca.defaults with Components = 2 } key x
        let oja = Oja.create Oja.defaults key reference

        let options =
            { TrainingOptions.defaults with
                Epochs = 60
                BatchSize = 10
                Optimizer =
                    { Optimizer.sgd 0.1 with
                        Schedule = Cosine(600, 0.0)
                    }
            }

        let training = Training(Tiny.engine, Oja.phases, options, oja, train, None)
        let notes = Notes 0
        Assert.True(training.Run(notes, CancellationToken.None))
        Assert.InRange(Oja.angle training.Parameters, 0.0, 1.0)
        Assert.Equal<float[]>(VaeStep.numbers reference, VaeStep.numbers training.Parameters.Reference)
        let reported = Map.ofArray notes.Epochs[59].Metrics
        Assert.InRange(reported["explained_variance"], 0.9, 1.0)
