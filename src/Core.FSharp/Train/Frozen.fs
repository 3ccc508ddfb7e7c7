namespace Functional.Core

/// Parameters that stay as they are, named by the beginnings of their paths: Encoder.Layers.0 names that layer's weight and bias.
[<RequireQualifiedAccess>]
module internal Frozen =
    /// Whether one of the beginnings covers a path.
    let covers (beginnings: string list) (path: string) =
        beginnings
        |> List.exists (fun beginning ->
            path = beginning
            || path.StartsWith(beginning + ".", System.StringComparison.Ordinal))

    /// Encoder.Layers.0.Weight → Encoder; Encoder.Layers; Encoder.Layers.0; Encoder.Layers.0.Weight.
    let private beginningsOf (path: string) =
        let names = path.Split '.'
        [ for count in 1 .. names.Length -> String.concat "." names[.. count - 1] ]

    /// Refuses a beginning that no parameter has.
    let check (parameters: 'P) (beginnings: string list) =
        let known =
            Tree.leaves parameters
            |> Seq.collect (fun leaf -> beginningsOf leaf.Path)
            |> Seq.distinct
            |> Seq.toList

        for beginning in beginnings do
            if not (List.contains beginning known) then
                Errors.option "frozen" $"'{beginning}'" "the beginning of a parameter's path" (Suggest.fix known beginning)

    /// The tree with zeros where nothing is to move; what would have been computed for them is not.
    let still isFrozen (tree: 'P) : 'P =
        Tree.leaves tree
        |> Array.map (fun leaf ->
            if isFrozen leaf.Path then
                Tensor.zerosLike leaf.Tensor
            else
                leaf.Tensor)
        |> Tree.rebuild tree

    /// The parameters after a step: frozen ones as before, carried ones as the step's outcome has them, the others as the optimizer moved
    /// them.
    let choose isFrozen (before: 'P) (outcome: 'P) (moved: 'P) : 'P =
        Array.map3
            (fun (before: Leaf) (outcome: Leaf) (moved: Leaf) ->
                if isFrozen before.Path then before.Tensor
                elif before.IsTrained then moved.Tensor
                else outcome.Tensor)
            (Tree.leaves before)
            (Tree.leaves outcome)
            (Tree.leaves moved)
        |> Tree.rebuild before
