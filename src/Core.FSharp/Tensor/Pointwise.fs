namespace Functional.Core

open Functional.Core.Graph

/// Operations on each element: any shape → the same shape.
[<AutoOpen>]
module Pointwise =
    let private unary f (x: Tensor) = Tensor.make (Unary f) [ x ]

    type Tensor with
        static member neg x = unary Neg x
        static member abs x = unary Abs x

        /// −1, 0 or 1.
        static member sign x = unary Sign x

        static member floor x = unary Floor x
        static member ceil x = unary Ceil x

        /// To the nearest integer, halves to the even one.
        static member round x = unary Round x

        static member reciprocal x = unary Reciprocal x
        static member sqrt x = unary Sqrt x

        /// 1/√x.
        static member rsqrt x = unary Rsqrt x

        static member exp x = unary Exp x

        /// eˣ − 1 without loss of digits near 0.
        static member expm1 x = unary Expm1 x

        static member log x = unary Log x

        /// log(1 + x) without loss of digits near 0.
        static member log1p x = unary Log1p x

        static member sin x = unary Sin x
        static member cos x = unary Cos x
        static member tan x = unary Tan x
        static member atan x = unary Atan x
        static member tanh x = unary Tanh x

        /// (eˣ − e⁻ˣ)/2 without loss of digits near 0.
        static member sinh(x: Tensor) =
            0.5 * (Tensor.expm1 x - Tensor.expm1 -x)

        /// (eˣ + e⁻ˣ)/2.
        static member cosh(x: Tensor) = 0.5 * (Tensor.exp x + Tensor.exp -x)

        /// 1/(1 + e⁻ˣ).
        static member sigmoid x = unary Sigmoid x

        /// log(1 + eˣ).
        static member softplus x = unary Softplus x

        /// log(1/(1 + e⁻ˣ)).
        static member logSigmoid(x: Tensor) = -(Tensor.softplus -x)

        /// The error function 2/√π ∫₀ˣ e^(−t²) dt.
        static member erf x = unary Erf x

        /// x above 0, else 0; not a number stays so.
        static member relu x = unary Relu x

        /// x above 0, else eˣ − 1.
        static member elu x = unary Elu x

        static member square(x: Tensor) = x * x

        static member pow (x: Tensor) (exponent: float) = Tensor.withScalar Pow x exponent

        // ---- comparison: 1 or 0 in the type of the operands

        static member eq a b = Tensor.binary Eq a b
        static member ne a b = Tensor.binary Ne a b
        static member lt a b = Tensor.binary Lt a b
        static member le a b = Tensor.binary Le a b
        static member gt a b = Tensor.binary Gt a b
        static member ge a b = Tensor.binary Ge a b

        static member maximum a b = Tensor.binary Maximum a b
        static member minimum a b = Tensor.binary Minimum a b

        /// The angle of the point (x, y).
        static member atan2 y x = Tensor.binary Atan2 y x

        // ---- selection

        /// `a` where `condition` is not 0, else `b`; all three broadcast.
        static member where (condition: Tensor) (a: Tensor) (b: Tensor) =
            let shape =
                Shape.broadcast "where" (Shape.broadcast "where" condition.Node.Shape a.Node.Shape) b.Node.Shape

            let wide = Tensor.broadcast shape
            Tensor.make Select [ wide (Tensor.cast a.DType condition); wide a; wide b ]

        /// Values below `low` become `low`, values above `high` become `high`.
        static member clamp (low: float) (high: float) (x: Tensor) =
            Tensor.withScalar Minimum (Tensor.withScalar Maximum x low) high

        /// The same value, with no derivative.
        static member stopGradient(x: Tensor) = Tensor.make StopGradient [ x ]
