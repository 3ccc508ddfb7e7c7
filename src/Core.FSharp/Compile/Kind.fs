namespace Functional.Core.Compile

open Functional.Core.Graph

/// What an operation asks of the compiler.
type Kind =
    /// Memory that a program is given.
    | Leaf
    /// One value everywhere: an immediate of pointwise work, memory for others.
    | Immediate
    /// One result element from the same element of each input; a draw reads its key as a whole.
    | Pointwise
    /// The same elements elsewhere: a view where strides allow it, else a copy.
    | Movement
    /// A kernel behind which pointwise work can run while its result is in cache.
    | Product
    /// A reduction, in front of which pointwise work can run.
    | Reduction
    /// A kernel of its own.
    | Other

[<RequireQualifiedAccess>]
module Kind =
    let ofNode (node: Node) =
        match node.Op with
        | Input _
        | Data -> Leaf
        | Fill _ -> Immediate
        | Unary _
        | Binary _
        | Select
        | Cast _
        | StopGradient
        | Variable
        | Random _ -> Pointwise
        | Reshape _
        | Permute _
        | Broadcast _
        | Slice _ -> Movement
        | MatMul _
        | Conv _ -> Product
        | Reduce _ -> Reduction
        | Iota _
        | Pad _
        | Concat _
        | Gather
        | Scatter _
        | ArgMax _
        | ConvInput _
        | ConvWeight _
        | MaxPick _
        | MaxScatter _
        | Fold _
        | Loop _
        | Part _ -> Other

    let isLeaf node = ofNode node = Leaf
    let isImmediate node = ofNode node = Immediate
    let isPointwise node = ofNode node = Pointwise

    /// Whether element i of a node needs no more than element i of each input. A draw reads its key as a whole.
    let isElementwise (node: Node) =
        match node.Op with
        | Random _ -> false
        | _ -> isPointwise node
