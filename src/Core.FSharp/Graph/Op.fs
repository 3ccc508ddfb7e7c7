namespace Functional.Core.Graph

open Functional.Core

type UnaryOp =
    | Neg
    | Abs
    | Sign
    | Floor
    | Ceil
    | Round
    | Reciprocal
    | Sqrt
    | Rsqrt
    | Exp
    | Expm1
    | Log
    | Log1p
    | Sin
    | Cos
    | Tan
    | Atan
    | Tanh
    | Sigmoid
    | Softplus
    | Erf
    /// x above 0, else 0.
    | Relu
    /// x above 0, else eˣ − 1 (Clevert, Unterthiner & Hochreiter 2016).
    | Elu

type BinaryOp =
    | Add
    | Sub
    | Mul
    | Div
    | Pow
    | Mod
    | Atan2
    | Maximum
    | Minimum
    /// Comparisons give 1 or 0 in the type of their operands.
    | Eq
    | Ne
    | Lt
    | Le
    | Gt
    | Ge

type ReduceOp =
    | Sum
    | Max

/// What a random draw gives: 32 random bits, a float in [0, 1), or a standard normal.
type Draw =
    | Bits
    | Uniform
    | Normal

/// How windows lie over the last two axes of an image [N; C; H; W].
type Window =
    {
        Stride: struct (int * int)
        Dilation: struct (int * int)
        /// Rows of zeros above and below.
        PadHeight: struct (int * int)
        /// Columns of zeros left and right.
        PadWidth: struct (int * int)
    }

type ConvSpec = { Window: Window; Groups: int }

type PoolSpec =
    {
        Kernel: struct (int * int)
        Window: Window
    }

/// A number that equals itself bit by bit, so that 0 and −0 differ and NaN equals NaN.
[<Struct>]
type Literal =
    private
        {
            Bits: int64
        }

    static member Of(value: float) =
        {
            Bits = System.BitConverter.DoubleToInt64Bits value
        }

    member this.Value = System.BitConverter.Int64BitsToDouble this.Bits

/// What a loop does in one turn, as the compiler keeps it. Equal bodies compute the same.
[<AbstractClass; AllowNullLiteral(false)>]
type LoopBody() =
    /// Types and shapes of what a loop is given: the state before the first turn, then what every turn reads.
    abstract Inputs: struct (DType * int[])[]

    /// The size of the state, packed.
    abstract Words: int

/// The primitives. Every concern about operations is one function over this union without a wildcard, so adding a case makes the
/// compiler name every place that must know it.
[<StructuralEquality; NoComparison>]
type Op =
    // Leaves
    /// Input number k of a program.
    | Input of int
    /// A buffer known when the node was made.
    | Data
    /// One value everywhere.
    | Fill of value: Literal * dtype: DType * shape: int[]
    /// int32 0..n−1.
    | Iota of int
    // Pointwise: all inputs have the result's shape
    | Unary of UnaryOp
    | Binary of BinaryOp
    /// condition, a, b → a where the condition is not 0, else b.
    | Select
    | Cast of DType
    /// The same value; derivatives do not pass.
    | StopGradient
    /// The same value; what `grad` differentiates with respect to.
    | Variable
    // Movement
    | Reshape of int[]
    /// Axis i of the result is axis order[i] of the input.
    | Permute of order: int[]
    /// Repeats axes of size 1 and adds axes in front.
    | Broadcast of int[]
    /// result[i] = x[start + i·step] along each axis, `length` of them; a step may be negative.
    | Slice of start: int[] * length: int[] * step: int[]
    /// Zeros around.
    | Pad of low: int[] * high: int[]
    | Concat of axis: int
    /// table [rows; ...], indices int32 [n] → [n; ...].
    | Gather
    /// values [n; ...], indices int32 [n] → [rows; ...]: values added up in the rows they name.
    | Scatter of rows: int
    // Reductions: the axes (ascending) go away
    | Reduce of ReduceOp * axes: int[]
    /// int32 index of the first maximum along an axis, which goes away.
    | ArgMax of axis: int
    // Products
    /// [...; m; k], [...; k; n] → [...; m; n], with the last two axes of either side swapped first if so said. Leading axes are equal.
    | MatMul of transposeA: bool * transposeB: bool
    /// images [N; C; H; W], weights [O; C/groups; h; w] → [N; O; H'; W'].
    | Conv of ConvSpec
    /// weights, output's cotangent → cotangent of images of the size given.
    | ConvInput of ConvSpec * height: int * width: int
    /// images, output's cotangent → cotangent of weights of the size given.
    | ConvWeight of ConvSpec * height: int * width: int
    /// x, t [N; C; H; W] → t at the place of the first maximum of x in each window. Max pooling is MaxPick(x, x).
    | MaxPick of PoolSpec
    /// x [N; C; H; W], g [N; C; H'; W'] → g added up at the places that MaxPick takes from.
    | MaxScatter of PoolSpec
    // Random
    /// key int32 [2] → a draw of the shape given.
    | Random of Draw * dtype: DType * shape: int[]
    /// key int32 [2], data int32 [n] → int32 [n; 2]: a key for each word of data, in the stream given.
    | Fold of stream: int
    // Repetition
    /// state, then what every turn reads → int32 [words]: the state after so many turns, its tensors packed one behind the other.
    | Loop of body: LoopBody * turns: int
    /// packed int32 [words] → the tensor whose memory begins at the word given.
    | Part of word: int * dtype: DType * shape: int[]
