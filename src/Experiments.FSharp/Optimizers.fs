namespace Functional.Experiments

open Functional
open Functional.Core

/// The lecture's optimizers on its five points. The model is y = x₁w₁ + x₂w₂ with the loss ½ mean (xw − y)² of a batch; weights start from a
/// normal draw. Each step of ours stands beside the formula in plain float64 arithmetic.
[<RequireQualifiedAccess>]
module Optimizers =
    let private inputs =
        [|
            [| 1.0; 2.0 |]
            [| 2.0; 3.0 |]
            [| 3.0; 4.0 |]
            [| 4.0; 5.0 |]
            [| 5.0; 6.0 |]
        |]

    let private targets = [| 5.0; 7.0; 9.0; 11.0; 13.0 |]
    let private rate, epochs = 0.01, 100

    /// An optimizer, and its formula for one weight: step number from 1, gradient, two memories → change of the weight, memories.
    type private Recipe =
        {
            Name: string
            BatchSize: int
            Optimizer: Core.Optimizer
            Formula: int -> float -> struct (float * float) -> struct (float * struct (float * float))
        }

    let private sgd _ g memories = struct (rate * g, memories)

    let private rmsProp _ g (struct (m, v)) =
        let v = 0.9 * v + 0.1 * g * g
        struct (rate * g / (sqrt v + 1e-8), struct (m, v))

    let private adam t g (struct (m, v)) =
        let m = 0.9 * m + 0.1 * g
        let v = 0.999 * v + 0.001 * g * g
        let mean = m / (1.0 - 0.9 ** float t)
        let square = v / (1.0 - 0.999 ** float t)
        struct (rate * mean / (sqrt square + 1e-8), struct (m, v))

    let private recipe name batchSize optimizer formula =
        {
            Name = name
            BatchSize = batchSize
            Optimizer = optimizer
            Formula = formula
        }

    // The lecture runs RMSProp and Adam on all rows at once.
    let private recipes =
        [
            recipe "SGD, batch 2" 2 (Optimizer.sgd rate) sgd
            recipe "RMSProp, batch 2" 2 (Optimizer.rmsProp rate) rmsProp
            recipe "Adam, batch 2" 2 (Optimizer.adam rate) adam
            recipe "RMSProp, all rows" 5 (Optimizer.rmsProp rate) rmsProp
            recipe "Adam, all rows" 5 (Optimizer.adam rate) adam
        ]

    /// The rows of every step, each epoch in an order of its own.
    let private batches key size : int[] list =
        [
            for epoch in 1..epochs do
                yield!
                    (Sample.permutation (Key.foldIn epoch key) inputs.Length).ToInt32s()
                    |> Array.chunkBySize size
        ]

    /// The weights after each step, by the library.
    let private learn (optimizer: Core.Optimizer) (start: float[]) (batches: int[] list) : float[] list =
        let loss w (x, y) =
            0.5 * Tensor.mean (Tensor.square (Tensor.matmul x w - y))

        let run =
            compileStep (fun (w, state) batch -> Optimizer.update optimizer (grad loss w batch) state w, ())

        let column values =
            Tensor.ofFloat64s [ Array.length values; 1 ] values

        let w = column start

        ((w, Optimizer.init optimizer w), batches)
        ||> List.mapFold (fun state rows ->
            let x =
                Tensor.ofFloat64s [ rows.Length; 2 ] (rows |> Array.collect (fun row -> inputs[row]))

            let (w, memory), () =
                run state (x, column (rows |> Array.map (fun row -> targets[row])))

            w.ToFloat64s(), (w, memory))
        |> fst

    let private error (w: float[]) row =
        inputs[row][0] * w[0] + inputs[row][1] * w[1] - targets[row]

    /// The weights after each step, by the formula.
    let private follow formula (start: float[]) (batches: int[] list) : float[] list =
        let step (w: float[], memories: struct (float * float)[]) (t, rows: int[]) =
            let gradient i =
                rows |> Array.averageBy (fun row -> error w row * inputs[row][i])

            let changes = memories |> Array.mapi (fun i memory -> formula t (gradient i) memory)
            let w = Array.map2 (fun w (struct (change, _)) -> w - change) w changes
            w, (w, changes |> Array.map (fun (struct (_, memory)) -> memory))

        ((start, start |> Array.map (fun _ -> struct (0.0, 0.0))), List.indexed batches)
        ||> List.mapFold (fun state (i, rows) -> step state (i + 1, rows))
        |> fst

    let private meanSquare (w: float[]) =
        Array.init inputs.Length (fun row -> error w row ** 2.0) |> Array.average

    let private farthest (ours: float[] list) (formula: float[] list) =
        List.map2 (Array.map2 (fun a b -> abs (a - b))) ours formula
        |> Seq.collect id
        |> Seq.max

    /// Weights after each epoch, by both, of every recipe.
    let private run (seed: int64) =
        let draw, order = Key.pair (Key.ofSeed seed)
        let start = (Sample.normal draw Float64 [ 2 ]).ToFloat64s()

        recipes
        |> List.map (fun recipe ->
            let batches = batches order recipe.BatchSize
            recipe, learn recipe.Optimizer start batches, follow recipe.Formula start batches)

    let private rows (seed: int64) =
        [
            for recipe, ours, formula in run seed do
                Row.measured $"{recipe.Name}: farthest from the formula in {epochs} epochs" (farthest ours formula)
                |> Row.publishedWords "formula"
                |> Row.atMost 1e-12
                |> Row.shown "G3"

                Row.measured $"{recipe.Name}: mean squared error then" (meanSquare (List.last ours))
        ]

    /// The mean squared error of all rows after each epoch.
    let private curves (seed: int64) =
        [
            for recipe, ours, _ in run seed do
                let afterEpochs =
                    ours
                    |> List.chunkBySize (ours.Length / epochs)
                    |> List.map (List.last >> meanSquare)

                Series(recipe.Name, [| for epoch in 1..epochs -> float epoch |], List.toArray afterEpochs)
        ]

    let experiment =
        {
            Id = "optimizers"
            Title = "SGD, RMSProp and Adam, step by step beside their formulas"
            Source = "Lecture on training neural networks, the listings of optimizers"
            Needs = []
            Seeds = 3
            Run =
                fun context ->
                    Charts
                        .Lines("The lecture's five points, rate 0.01", "epoch", "mean squared error", curves context.Seeds.Head, true)
                        .SaveSvg(Context.path "loss.svg" context)

                    Context.overSeeds rows context
        }
