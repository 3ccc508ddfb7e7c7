namespace Functional.Core.Compile

open System.Collections.Generic
open Functional.Core
open Functional.Core.Graph

/// Rewrites a program into a smaller one with the same meaning: equal expressions become one, constants are computed, movements and
/// neutral elements are merged or dropped. No rule changes the order of a floating-point sum, but for one that drops its zeros.
[<RequireQualifiedAccess>]
module Simplify =
    let private constant (node: Node) =
        match node.Op with
        | Fill(value, _, _) -> ValueSome value.Value
        | _ -> ValueNone

    let private (|Constant|_|) (node: Node) =
        match node.Op with
        | Fill(value, _, _) -> Some value.Value
        | _ -> None

    let private (|Negated|_|) (node: Node) =
        match node.Op with
        | Unary Neg -> Some node.Inputs[0]
        | _ -> None

    let private (|Compared|_|) (node: Node) =
        match node.Op with
        | Binary f -> Some(f, node.Inputs[0], node.Inputs[1])
        | _ -> None

    /// The windows, what decides their maxima, and what is scattered to them.
    let private (|Scattered|_|) (node: Node) =
        match node.Op with
        | MaxScatter spec -> Some(spec, node.Inputs[0], node.Inputs[1])
        | _ -> None

    let private isSwap (order: int[]) =
        let rank = order.Length

        rank >= 2
        && order[rank - 1] = rank - 2
        && order[rank - 2] = rank - 1
        && Array.forall (fun axis -> order[axis] = axis) [| 0 .. rank - 3 |]

    /// A matrix operand without the swap of its last two axes, and whether there was one.
    let private unswapped (node: Node) =
        match node.Op with
        | Permute order when isSwap order -> node.Inputs[0], true
        | _ -> node, false

    /// A constant, shared with others that are equal.
    let private fill (make: Op -> Node list -> Node) dtype shape value =
        let value =
            match dtype with
            | Float32 -> float (float32 value)
            | Float64 -> value
            | Int32 -> Scalar.hold Int32 value

        make (Fill(Literal.Of value, dtype, shape)) []

    /// `make` builds a node and simplifies it in turn.
    let private binary (make: Op -> Node list -> Node) (f: BinaryOp) (a: Node) (b: Node) : Node voption =
        let isFloat = DType.isFloat a.DType

        match f, a, b with
        | _, Constant x, Constant y -> ValueSome(fill make a.DType a.Shape (Scalar.combine a.DType f x y))
        // x + 0 is x but for −0, whose sign no rule here depends on.
        | (Add | Sub), x, Constant 0.0
        | Add, Constant 0.0, x
        | Mul, x, Constant 1.0
        | Mul, Constant 1.0, x
        | Div, x, Constant 1.0
        | Pow, x, Constant 1.0 -> ValueSome x
        | Mul, x, Constant -1.0
        | Mul, Constant -1.0, x
        | Sub, Constant 0.0, x -> ValueSome(make (Unary Neg) [ x ])
        | Add, x, Negated y -> ValueSome(make (Binary Sub) [ x; y ])
        | Add, Negated x, y -> ValueSome(make (Binary Sub) [ y; x ])
        | Sub, x, Negated y -> ValueSome(make (Binary Add) [ x; y ])
        | Mul, Negated x, Negated y -> ValueSome(make (Binary Mul) [ x; y ])
        | Pow, x, Constant 2.0 -> ValueSome(make (Binary Mul) [ x; x ])
        | Pow, x, Constant 0.0 when isFloat -> ValueSome(fill make x.DType x.Shape 1.0)
        | Pow, x, Constant -1.0 -> ValueSome(make (Unary Reciprocal) [ x ])
        | _ -> ValueNone

    /// A choice; where windows have their maxima, x is what the window's maximum is, so the gradient of max(x, 0) may be masked before it
    /// is scattered there.
    let private select (make: Op -> Node list -> Node) (condition: Node) (a: Node) (b: Node) =
        match condition, a, b with
        | Constant c, _, _ -> ValueSome(if c <> 0.0 then a else b)
        | _ when obj.ReferenceEquals(a, b) -> ValueSome a
        | Compared(Le, x, Constant 0.0), Constant 0.0, Scattered(spec, decides, values) when obj.ReferenceEquals(x, decides) ->
            let largest = make (MaxPick spec) [ x; x ]
            let zero = fill make x.DType largest.Shape 0.0
            let mask = make (Binary Le) [ largest; zero ]
            ValueSome(make (MaxScatter spec) [ x; make Select [ mask; zero; values ] ])
        | _ -> ValueNone

    let private reduce (make: Op -> Node list -> Node) f (axes: int[]) (x: Node) =
        let count = axes |> Array.fold (fun count axis -> count * x.Shape[axis]) 1
        let reduced = Shape.without axes x.Shape

        match f, x.Op with
        // Each value is scattered to one place of its own image.
        | Sum, MaxScatter _ when Array.contains 2 axes && Array.contains 3 axes -> ValueSome(make (Reduce(Sum, axes)) [ x.Inputs[1] ])
        | _ when count = 1 -> ValueSome(make (Reshape reduced) [ x ])
        | Sum, _ when count = 0 -> ValueSome(fill make x.DType reduced 0.0)
        | Sum, Fill(value, _, _) -> ValueSome(fill make x.DType reduced (value.Value * float count))
        | Max, Fill(value, _, _) -> ValueSome(fill make x.DType reduced value.Value)
        | _, Reshape _ when axes.Length = x.Shape.Length ->
            let source = x.Inputs[0]
            ValueSome(make (Reduce(f, Array.init source.Shape.Length id)) [ source ])
        | _ -> ValueNone

    let private permute (make: Op -> Node list -> Node) (order: int[]) (x: Node) =
        let real = order |> Array.filter (fun axis -> x.Shape[axis] <> 1)

        match x.Op with
        | _ when real = Array.sort real -> ValueSome(make (Reshape(order |> Array.map (fun axis -> x.Shape[axis]))) [ x ])
        | Permute inner -> ValueSome(make (Permute(order |> Array.map (fun axis -> inner[axis]))) [ x.Inputs[0] ])
        | _ -> ValueNone

    /// A node with the same value as `op` on `inputs` but simpler; none when there is nothing to gain.
    let private rule (make: Op -> Node list -> Node) (op: Op) (inputs: Node list) : Node voption =
        let moved shape =
            match inputs.Head.Op with
            | Fill(value, dtype, _) -> ValueSome(fill make dtype shape value.Value)
            | _ when inputs.Head.Shape = shape -> ValueSome inputs.Head
            | _ -> ValueNone

        match op, inputs with
        | Unary f, [ Constant x ] -> ValueSome(fill make inputs.Head.DType inputs.Head.Shape (Scalar.unary f x))
        | Unary Neg, [ Negated x ] -> ValueSome x
        | Binary f, [ a; b ] -> binary make f a b
        | Select, [ condition; a; b ] -> select make condition a b
        | Cast dtype, [ x ] when dtype = x.DType -> ValueSome x
        | Cast dtype, [ Constant value ] ->
            let value =
                if dtype = Int32 then
                    float (Storage.truncate value)
                else
                    value

            ValueSome(fill make dtype inputs.Head.Shape value)
        | Reshape shape, [ x ] ->
            match moved shape, x.Op with
            | ValueNone, Reshape _ -> ValueSome(make op [ x.Inputs[0] ])
            | found, _ -> found
        | Broadcast shape, [ x ] ->
            match moved shape, x.Op with
            | ValueNone, Broadcast _ -> ValueSome(make op [ x.Inputs[0] ])
            | ValueNone, _ when x.Count = Shape.count shape -> ValueSome(make (Reshape shape) [ x ])
            | found, _ -> found
        | Permute order, [ x ] ->
            match constant x with
            | ValueSome value -> ValueSome(fill make x.DType (order |> Array.map (fun axis -> x.Shape[axis])) value)
            | ValueNone -> permute make order x
        | Slice(start, length, step), [ x ] ->
            match constant x with
            | ValueSome value -> ValueSome(fill make x.DType length value)
            | ValueNone ->
                let whole =
                    length = x.Shape && Array.forall ((=) 0) start && Array.forall ((=) 1) step

                if whole then ValueSome x else ValueNone
        | Pad(low, high), [ x ] when Array.forall ((=) 0) low && Array.forall ((=) 0) high -> ValueSome x
        | Concat _, [ x ] -> ValueSome x
        | Reduce(f, axes), [ x ] -> reduce make f axes x
        | MatMul(ta, tb), [ a; b ] ->
            let a', swapA = unswapped a
            let b', swapB = unswapped b

            if swapA || swapB then
                ValueSome(make (MatMul(ta <> swapA, tb <> swapB)) [ a'; b' ])
            else
                ValueNone
        | (Input _ | Data | Fill _ | Iota _ | Unary _ | Binary _ | Select | Cast _ | StopGradient | Variable), _
        | (Reshape _ | Permute _ | Broadcast _ | Slice _ | Pad _ | Concat _ | Gather | Scatter _), _
        | (Reduce _ | ArgMax _ | MatMul _ | Conv _ | ConvInput _ | ConvWeight _), _
        | (MaxPick _ | MaxScatter _ | Random _ | Fold _ | Loop _ | Part _), _ -> ValueNone

    /// The program rewritten; inputs stay the same nodes.
    let run (program: Program) : Program =
        let known = Dictionary<struct (Op * int64 list), Node>(HashIdentity.Structural)

        let rec make (op: Op) (inputs: Node list) : Node =
            match rule make op inputs with
            | ValueSome simpler -> simpler
            | ValueNone ->
                let key = struct (op, inputs |> List.map _.Id)

                match known.TryGetValue key with
                | true, node -> node
                | _ ->
                    let node = Node.make op (List.toArray inputs)
                    known[key] <- node
                    node

        let replaced = Dictionary<Node, Node>(HashIdentity.Reference)

        for node in Walk.topological (fun _ -> true) program.Outputs do
            replaced[node] <-
                match node.Op with
                | Input _ -> node
                | op -> make op [ for input in node.Inputs -> replaced[input] ]

        { program with
            Outputs = program.Outputs |> Array.map (fun output -> replaced[output])
        }
