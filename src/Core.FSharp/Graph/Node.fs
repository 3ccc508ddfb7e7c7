namespace Functional.Core.Graph

open System.Threading
open Functional.Core

/// The extent of one call of `grad`, `jvp` or the like. While it is active, nodes that depend on its variables keep their inputs even
/// when evaluated, so that derivatives can still be taken.
[<Sealed>]
type Scope() =
    static let mutable made = 0L

    /// Outer scopes are made before inner ones.
    member val Order = Interlocked.Increment &made

    member val Active = true with get, set

/// One operation of an expression. Nodes compare by reference and are numbered in the order they were made, so inputs come before
/// the nodes that use them. Only what evaluation learns may change: the value, and the inputs it makes superfluous.
[<Sealed>]
type Node private (op: Op, inputs: Node[], dtype: DType, shape: int[], value: Storage | null, scope: Scope | null) =
    static let mutable made = 0L
    let mutable inputs = inputs
    let mutable value = value

    let symbolic =
        match op with
        | Input _ -> true
        | _ -> inputs |> Array.exists _.IsSymbolic

    let mutable depth =
        if isNull value then
            1
            + (inputs |> Array.fold (fun deepest (input: Node) -> max deepest input.Depth) 0)
        else
            0

    static let outermost (inputs: Node[]) (own: Scope | null) =
        let mutable found = own

        for input in inputs do
            match input.Scope with
            | null -> ()
            | scope when scope.Active ->
                match found with
                | null -> found <- scope
                | other ->
                    if scope.Order < other.Order then
                        found <- scope
            | _ -> ()

        found

    /// The number of this node among all nodes ever made.
    member val Id = Interlocked.Increment &made

    member _.Op = op
    member _.DType = dtype
    member _.Shape = shape
    member _.Inputs = inputs
    member _.Count = Shape.count shape

    /// Whether it depends on an input of a program being traced, so that it has no value yet.
    member _.IsSymbolic = symbolic

    /// The longest chain of unevaluated operations behind it.
    member _.Depth = depth

    /// The outermost active scope whose variables it depends on.
    member _.Scope: Scope | null =
        match scope with
        | null -> null
        | scope when scope.Active -> scope
        | _ -> null

    /// The elements, once they were asked for.
    member _.Value = value

    /// Records the elements; the operation behind them is let go unless a derivative may still need it.
    member this.Learn(elements: Storage) =
        value <- elements
        depth <- 0
        this.Forget()

    /// Lets the inputs go when the value is known and no active scope needs them.
    member this.Forget() =
        if not (isNull value) && isNull this.Scope then
            inputs <- [||]

    /// Whether its elements were given up to a compiled function, which has overwritten them.
    member val IsGivenUp = false with get, set

    /// Lets the elements go for good.
    member this.GiveUp() =
        this.IsGivenUp <- true
        value <- null
        inputs <- [||]

    /// A node for `op` on `inputs`; its shape and element type are inferred.
    static member make (op: Op) (inputs: Node[]) =
        let struct (dtype, shape) =
            Infer.result op (inputs |> Array.map (fun input -> struct (input.DType, input.Shape)))

        Node(op, inputs, dtype, shape, null, outermost inputs null)

    /// The same value as `input`, in `scope`.
    static member variable (scope: Scope) (input: Node) =
        Node(Variable, [| input |], input.DType, input.Shape, null, outermost [| input |] scope)

    /// A leaf with elements that are known.
    static member data (shape: int[]) (value: Storage) =
        Node(Data, [||], value.DType, shape, value, null)

    /// Input number `index` of a program being traced.
    static member input index dtype shape =
        Node(Input index, [||], dtype, shape, null, null)
