namespace Functional.Core

open System
open Functional.Core.Graph
open Functional.Core.Engines

/// An immutable n-dimensional array, or the expression of one: arithmetic builds the expression, asking for numbers evaluates it.
/// Operations are static members (`Tensor.exp x`, `x |> Tensor.reshape [ 2; 3 ]`) with the tensor last; two operands broadcast by the
/// usual rule (aligned at the last axis, sizes equal or 1). Both operands of an operation have one element type; plain numbers adapt.
[<Sealed>]
type Tensor internal (node: Node) =
    // Beyond this many unevaluated operations in a chain a tensor is evaluated, so that a long loop in a script keeps a short graph.
    static let deepest = 400

    member internal _.Node = node
    member _.DType = node.DType

    /// Sizes along the axes; [||] for a scalar.
    member _.Shape = Array.copy node.Shape

    member _.Rank = node.Shape.Length

    /// The number of elements.
    member _.Count = node.Count

    static member internal make op (inputs: Tensor list) =
        let node = Node.make op [| for input in inputs -> input.Node |]

        if node.Depth > deepest && not node.IsSymbolic then
            Evaluate.nodes [ node ]

        Tensor node

    static member internal ofStorage (shape: int[]) (elements: Storage) = Tensor(Node.data shape elements)

    /// The elements in row-major order, as float64.
    member _.ToFloat64s() = Storage.toFloat64 (Evaluate.value node)

    /// The elements in row-major order, as float32.
    member this.ToFloat32s() =
        match node.DType with
        | Float32 -> (Evaluate.value node).Floats.ToArray()
        | Float64
        | Int32 -> this.ToFloat64s() |> Array.map float32

    /// The elements in row-major order, as int32; floats are cut toward zero.
    member this.ToInt32s() =
        match node.DType with
        | Int32 -> (Evaluate.value node).Ints.ToArray()
        | Float32
        | Float64 -> this.ToFloat64s() |> Array.map Storage.truncate

    /// The one element of a tensor that has one.
    member this.ToScalar() =
        if node.Count <> 1 then
            Errors.shape "ToScalar" (Errors.show node.Shape) "one element" "reduce it first"

        Storage.item (Evaluate.value node) 0

    override this.ToString() =
        let about = $"{DType.name node.DType} {Errors.show node.Shape}"

        if node.IsSymbolic then
            $"{about} of {Infer.name node.Op}"
        else
            let shown =
                this.ToFloat64s() |> Seq.truncate 32 |> Seq.map (fun x -> x.ToString "G6")

            let rest = if node.Count > 32 then "; …" else ""
            $"""{about} {{{String.Join("; ", shown)}{rest}}}"""

    // ---- making tensors

    /// `value` everywhere.
    static member full dtype (shape: int seq) (value: float) =
        if dtype = DType.Int32 && value <> float (Storage.truncate value) then
            Errors.shape "fill" $"{value} for int32" "a whole number" "cast the tensor first, as in Tensor.cast Float32"

        let value = if dtype = Float32 then float (float32 value) else value
        Tensor.make (Fill(Literal.Of value, dtype, Seq.toArray shape)) []

    static member zeros dtype (shape: int seq) = Tensor.full dtype shape 0.0
    static member ones dtype (shape: int seq) = Tensor.full dtype shape 1.0

    /// A float32 scalar.
    static member scalar(value: float) = Tensor.full Float32 [] value

    /// `value` everywhere, in the shape and type of `x`.
    static member fullLike (x: Tensor) value = Tensor.full x.DType x.Node.Shape value

    static member zerosLike(x: Tensor) = Tensor.fullLike x 0.0
    static member onesLike(x: Tensor) = Tensor.fullLike x 1.0

    static member private ofElements (shape: int seq) count (elements: unit -> Storage) =
        let shape = Seq.toArray shape

        if Shape.count shape <> count then
            Errors.shape "tensor" $"{count} values for {Errors.show shape}" $"{Shape.count shape} values" ""

        Tensor.ofStorage shape (elements ())

    /// A float32 tensor from elements in row-major order, copied.
    static member ofFloat32s (shape: int seq) (values: float32[]) =
        Tensor.ofElements shape values.Length (fun () -> Storage.ofFloat32 values)

    /// A float64 tensor from elements in row-major order, copied.
    static member ofFloat64s (shape: int seq) (values: float[]) =
        Tensor.ofElements shape values.Length (fun () -> Storage.ofFloat64 values)

    /// An int32 tensor from elements in row-major order, copied.
    static member ofInt32s (shape: int seq) (values: int[]) =
        Tensor.ofElements shape values.Length (fun () -> Storage.ofInt32 values)

    /// A tensor of type `dtype` from float64 elements in row-major order.
    static member ofValues dtype (shape: int seq) (values: float[]) =
        Tensor.ofElements shape values.Length (fun () -> Storage.ofValues dtype values)

    /// A float32 vector.
    static member vector(values: float seq) =
        let values = Seq.toArray values
        Tensor.ofValues Float32 [ values.Length ] values

    /// A float32 matrix from its rows.
    static member matrix(rows: float seq seq) =
        let rows = rows |> Seq.map Seq.toArray |> Seq.toArray
        let width = if rows.Length = 0 then 0 else rows[0].Length
        Tensor.ofValues Float32 [ rows.Length; width ] (Array.concat rows)

    /// int32 0..n−1.
    static member arange(n: int) = Tensor.make (Iota n) []

    // ---- conversions that every other operation may need

    /// The same values in another element type; floats become integers by cutting toward zero, NaN becomes 0.
    static member cast dtype (x: Tensor) =
        if x.DType = dtype then
            x
        else
            Tensor.make (Cast dtype) [ x ]

    /// Repeats axes of size 1, and adds axes in front, to reach `shape`.
    static member broadcast (shape: int seq) (x: Tensor) =
        let shape = Seq.toArray shape

        if x.Node.Shape = shape then
            x
        else
            Tensor.make (Broadcast shape) [ x ]

    static member internal binary (f: BinaryOp) (a: Tensor) (b: Tensor) =
        let shape = Shape.broadcast (Infer.name (Binary f)) a.Node.Shape b.Node.Shape
        Tensor.make (Binary f) [ Tensor.broadcast shape a; Tensor.broadcast shape b ]

    static member internal withScalar (f: BinaryOp) (a: Tensor) (b: float) =
        Tensor.binary f a (Tensor.full a.DType [] b)

    static member internal ofScalar (f: BinaryOp) (a: float) (b: Tensor) =
        Tensor.binary f (Tensor.full b.DType [] a) b

    // ---- operators

    static member (+)(a, b) = Tensor.binary Add a b
    static member (-)(a, b) = Tensor.binary Sub a b
    static member (*)(a, b) = Tensor.binary Mul a b
    static member (/)(a, b) = Tensor.binary Div a b
    static member (%)(a, b) = Tensor.binary Mod a b
    static member Pow(a, b) = Tensor.binary Pow a b
    static member (+)(a, b: float) = Tensor.withScalar Add a b
    static member (-)(a, b: float) = Tensor.withScalar Sub a b
    static member (*)(a, b: float) = Tensor.withScalar Mul a b
    static member (/)(a, b: float) = Tensor.withScalar Div a b
    static member (%)(a, b: float) = Tensor.withScalar Mod a b
    static member Pow(a, b: float) = Tensor.withScalar Pow a b
    static member (+)(a: float, b) = Tensor.ofScalar Add a b
    static member (-)(a: float, b) = Tensor.ofScalar Sub a b
    static member (*)(a: float, b) = Tensor.ofScalar Mul a b
    static member (/)(a: float, b) = Tensor.ofScalar Div a b
    static member Pow(a: float, b) = Tensor.ofScalar Pow a b
    static member (~-)(a: Tensor) = Tensor.make (Unary Neg) [ a ]

    // ---- what F#'s own `exp x`, `sqrt x`, ... call; they see members of the type itself alone

    static member Abs(x: Tensor) = Tensor.make (Unary UnaryOp.Abs) [ x ]
    static member Exp(x: Tensor) = Tensor.make (Unary UnaryOp.Exp) [ x ]
    static member Log(x: Tensor) = Tensor.make (Unary UnaryOp.Log) [ x ]
    static member Sqrt(x: Tensor) = Tensor.make (Unary UnaryOp.Sqrt) [ x ]
    static member Sin(x: Tensor) = Tensor.make (Unary UnaryOp.Sin) [ x ]
    static member Cos(x: Tensor) = Tensor.make (Unary UnaryOp.Cos) [ x ]
    static member Tan(x: Tensor) = Tensor.make (Unary UnaryOp.Tan) [ x ]
    static member Tanh(x: Tensor) = Tensor.make (Unary UnaryOp.Tanh) [ x ]
