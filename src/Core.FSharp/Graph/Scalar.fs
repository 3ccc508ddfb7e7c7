namespace Functional.Core.Graph

open System
open Functional.Core

/// What pointwise operations are on one number, in float64: the definition that engines follow and constants are folded with.
[<RequireQualifiedAccess>]
module Scalar =
    /// erf by its series near 0 and its continued fraction beyond (Abramowitz & Stegun 7.1.5, 7.1.14).
    let erf (x: float) =
        let a = abs x

        let value =
            if a < 2.5 then
                let mutable term, sum, n = a, a, 0.0

                while abs term > 1e-17 * abs sum do
                    n <- n + 1.0
                    term <- -term * a * a / n
                    sum <- sum + term / (2.0 * n + 1.0)

                2.0 / sqrt Math.PI * sum
            elif a > 6.0 then
                1.0
            else
                let mutable fraction = a

                for k in 120..-1..1 do
                    fraction <- a + float k / 2.0 / fraction

                1.0 - exp (-a * a) / (sqrt Math.PI * fraction)

        if Double.IsNaN x then x else float (sign x) * value

    /// log(1 + x) and eˣ − 1 without cancellation, by Kahan's correction of the rounded argument.
    let log1p (x: float) =
        let u = 1.0 + x

        if u = 1.0 then x
        elif Double.IsInfinity u then u
        else log u * x / (u - 1.0)

    let expm1 (x: float) =
        let u = exp x

        if u = 1.0 then x
        elif u - 1.0 = -1.0 then -1.0
        elif Double.IsInfinity u then u
        else (u - 1.0) * x / log u

    let unary (f: UnaryOp) : float -> float =
        match f with
        | Neg -> (~-)
        | Abs -> abs
        | Sign -> fun x -> if Double.IsNaN x then x else float (sign x)
        | Floor -> floor
        | Ceil -> ceil
        | Round -> fun x -> Math.Round(x, MidpointRounding.ToEven)
        | Reciprocal -> fun x -> 1.0 / x
        | Sqrt -> sqrt
        | Rsqrt -> fun x -> 1.0 / sqrt x
        | Exp -> exp
        | Expm1 -> expm1
        | Log -> log
        | Log1p -> log1p
        | Sin -> sin
        | Cos -> cos
        | Tan -> tan
        | Atan -> atan
        | Tanh -> tanh
        | Sigmoid ->
            fun x ->
                if x >= 0.0 then
                    1.0 / (1.0 + exp -x)
                else
                    exp x / (1.0 + exp x)
        | Softplus -> fun x -> Math.Max(x, 0.0) + log1p (exp -(abs x))
        | Erf -> erf
        // What is not a number stays so: a comparison with it is false and must lead to x.
        | Relu -> fun x -> if x <= 0.0 then 0.0 else x
        | Elu -> fun x -> if x > 0.0 then x else expm1 x

    let private truth (condition: bool) = if condition then 1.0 else 0.0

    let binary (f: BinaryOp) : float -> float -> float =
        match f with
        | Add -> (+)
        | Sub -> (-)
        | Mul -> (*)
        | Div -> (/)
        | Pow -> fun x y -> Math.Pow(x, y)
        | Mod -> fun x y -> x - floor (x / y) * y
        | Atan2 -> fun x y -> Math.Atan2(x, y)
        | Maximum -> fun x y -> Math.Max(x, y)
        | Minimum -> fun x y -> Math.Min(x, y)
        | Eq -> fun x y -> truth (x = y)
        | Ne -> fun x y -> truth (x <> y)
        | Lt -> fun x y -> truth (x < y)
        | Le -> fun x y -> truth (x <= y)
        | Gt -> fun x y -> truth (x > y)
        | Ge -> fun x y -> truth (x >= y)

    /// x and y combined in element type `dtype`: int32 wraps around, its products too, which float64 does not hold.
    let combine dtype (f: BinaryOp) (x: float) (y: float) =
        match dtype, f with
        | Int32, Mul -> float (int32 (int64 x * int64 y))
        | Int32, _ -> float (int32 (int64 (binary f x y)))
        | (Float32 | Float64), _ -> binary f x y

    /// A value as its element type holds it: int32 wraps around; floats stay as they are.
    let hold dtype (x: float) =
        match dtype with
        | Int32 -> float (int32 (int64 x))
        | Float32
        | Float64 -> x
