namespace Functional.Experiments

open Functional.Core
open Functional

/// Oja's and Sanger's rules beside exact principal components of the same rows, on the lecture's plane and on MNIST.
[<RequireQualifiedAccess>]
module OjaComponents =
    /// What the rules are tried on.
    type private Case =
        {
            Name: string
            Rows: DataRows
            /// Units of the subspace and of the ordered rule.
            Units: int
            Epochs: int
            BatchSize: int
        }

    let private plane (context: Context) =
        {
            Name = "plane3d"
            Rows = context.Data["plane3d"].Train
            Units = 2
            Epochs = 40
            BatchSize = 2
        }

    let private mnist (context: Context) =
        let count, batch = context |> Context.choose (60000, 500) (6000, 50)

        {
            Name = "MNIST"
            Rows = context.Data["mnist"].Train.Take count
            Units = 3
            Epochs = 20
            BatchSize = batch
        }

    let private train (context: Context) (case: Case) label units rule seed =
        let steps = case.Epochs * (case.Rows.Count / case.BatchSize)

        let options =
            OjaOptions(
                Components = units,
                Rule = rule,
                Epochs = case.Epochs,
                BatchSize = case.BatchSize,
                Optimizer = Optimizers.Sgd 0.05,
                Schedule = Schedules.Cosine(steps, 0.0),
                Seed = seed,
                Threads = context.Threads,
                Callbacks = [| Callbacks.Checkpoint(Context.path $"{case.Name}-{label}-{seed}" context) |]
            )

        let name = $"{case.Name}, {label}"
        Models.Oja.Train(case.Rows, options, Context.progress name context, context.Cancellation)

    let private row (matrix: float32[,]) index =
        Tensor.ofFloat32s [ 1; Array2D.length2 matrix ] matrix[index, *]

    /// The largest angle between a unit and the exact component of its place.
    let private orderedAngle (found: OjaModel) (exact: PcaModel) =
        let found, exact = found.Components(), exact.Components()

        seq { 0 .. Array2D.length1 found - 1 }
        |> Seq.map (fun index -> Subspace.angle (row found index) (row exact index))
        |> Seq.max

    let private exact (context: Context) (case: Case) =
        let options = PcaOptions(Components = case.Units, Threads = context.Threads)
        Models.Pca.Train(case.Rows, options, null, context.Cancellation)

    /// The angle to the exact components after each epoch.
    let private chart (case: Case) (models: (string * OjaModel) list) =
        let series (label, model: OjaModel) =
            let angles = Seq.toArray model.History["subspace_angle"]
            Series(label, [| for epoch in 1 .. angles.Length -> float epoch |], angles)

        Charts.Lines($"Oja's rule on {case.Name}", "epoch", "angle to the principal subspace, °", List.map series models, true)

    let private measure (context: Context) (case: Case) (seed: int64) : Row list =
        let one = train context case "first" 1 OjaRule.Subspace seed
        let several = train context case "subspace" case.Units OjaRule.Subspace seed
        let ordered = train context case "ordered" case.Units OjaRule.Sanger seed
        let exact = exact context case

        if seed = context.Seeds.Head then
            let name = case.Name.ToLowerInvariant()

            let models =
                [
                    "first component", one
                    $"{case.Units} units", several
                    "Sanger's rule", ordered
                ]

            (chart case models).SaveSvg(Context.path $"{name}.svg" context)

            if case.Rows.AreImages then
                ordered.ComponentImages().SavePng(Context.path $"{name}-components.png" context, case.Units, exact.ComponentImages())

        let angle what value =
            Row.measured $"{case.Name}: {what}" value
            |> Row.publishedWords "the same as PCA"
            |> Row.inUnit "°"
            |> Row.shown "F3"
            |> Row.atMost (context |> Context.choose 1.0 2.0)

        [
            angle "first component, angle to PCA" one.SubspaceAngle
            angle $"subspace of {case.Units} units, angle to PCA" several.SubspaceAngle
            angle $"{case.Units} units in order (Sanger), largest angle to their components" (orderedAngle ordered exact)
        ]

    let experiment =
        {
            Id = "oja"
            Title = "Oja's and Sanger's rules beside exact principal components"
            Source = "lecture 18.1; Oja 1982, Sanger 1989"
            Needs = [ "plane3d"; "mnist" ]
            Seeds = 3
            Run =
                fun context ->
                    [ plane; mnist ]
                    |> List.collect (fun case -> context |> Context.overSeeds (measure context (case context)))
        }
