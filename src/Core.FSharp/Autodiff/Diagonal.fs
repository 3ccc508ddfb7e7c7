namespace Functional.Core.Autodiff

open System
open Functional.Core
open Functional.Core.Graph

/// Derivatives of pointwise operations. They are diagonal, so one function serves both directions: it carries a tangent of the input to
/// the output, and a cotangent of the output to the input. None is a derivative that is 0 everywhere.
[<RequireQualifiedAccess>]
module internal Diagonal =
    /// y = f x; t is the tangent or cotangent.
    let unary (f: UnaryOp) (x: Tensor) (y: Tensor) (t: Tensor) : Tensor option =
        match f with
        | Sign
        | Floor
        | Ceil
        | Round -> None
        | Neg -> Some -t
        | Abs -> Some(t * Tensor.sign x)
        | Reciprocal -> Some(-t * y * y)
        | Sqrt -> Some(t * 0.5 / y)
        | Rsqrt -> Some(t * -0.5 * y * y * y)
        | Exp -> Some(t * y)
        | Expm1 -> Some(t * (y + 1.0))
        | Log -> Some(t / x)
        | Log1p -> Some(t / (x + 1.0))
        | Sin -> Some(t * Tensor.cos x)
        | Cos -> Some(-t * Tensor.sin x)
        | Tan -> Some(t * (1.0 + y * y))
        | Atan -> Some(t / (1.0 + x * x))
        | Tanh -> Some(t * (1.0 - y * y))
        | Sigmoid -> Some(t * y * (1.0 - y))
        | Softplus -> Some(t * Tensor.sigmoid x)
        | Erf -> Some(t * (2.0 / sqrt Math.PI) * Tensor.exp -(x * x))
        // From y alone, so that training need not keep x: y is positive exactly where x is, and below it is eˣ − 1.
        | Relu -> Some(Tensor.where (Tensor.le y (Tensor.zerosLike y)) (Tensor.zerosLike t) t)
        | Elu -> Some(Tensor.where (Tensor.gt y (Tensor.zerosLike y)) t (t * (y + 1.0)))

    /// z = f x y: what t becomes along x and along y.
    let binary (f: BinaryOp) (x: Tensor) (y: Tensor) (z: Tensor) : (Tensor -> Tensor) option * (Tensor -> Tensor) option =
        /// All of t on the side that was chosen, half on each at a tie.
        let chosen (wins: Tensor) t = t * (wins + 0.5 * Tensor.eq x y)

        match f with
        | Eq
        | Ne
        | Lt
        | Le
        | Gt
        | Ge -> None, None
        | Add -> Some id, Some id
        | Sub -> Some id, Some (~-)
        | Mul -> Some(fun t -> t * y), Some(fun t -> t * x)
        | Div -> Some(fun t -> t / y), Some(fun t -> -t * z / y)
        | Pow ->
            let zero = Tensor.zerosLike x
            // 0·0⁻¹ and 0·log 0 are 0 here: x⁰ is constant in x, and 0ʸ is constant in y > 0.
            Some(fun t -> Tensor.where (Tensor.eq y zero) zero (t * y * Tensor.Pow(x, y - 1.0))),
            Some(fun t -> Tensor.where (Tensor.eq z zero) zero (t * z * Tensor.log x))
        | Mod -> Some id, Some(fun t -> -t * Tensor.floor (x / y))
        | Atan2 -> Some(fun t -> t * y / (x * x + y * y)), Some(fun t -> -t * x / (x * x + y * y))
        | Maximum -> Some(chosen (Tensor.gt x y)), Some(chosen (Tensor.lt x y))
        | Minimum -> Some(chosen (Tensor.lt x y)), Some(chosen (Tensor.gt x y))

    /// The share of each element in the maximum along axes: 1 at the maximum, split evenly among equal ones.
    let maximumShare (axes: int[]) (x: Tensor) (largest: Tensor) =
        let kept = Shape.keeping axes x.Node.Shape
        let wins = Tensor.eq x (Tensor.reshape kept largest)
        wins / Tensor.reshape kept (Tensor.sumOver axes wins)
