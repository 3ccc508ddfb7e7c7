namespace Functional.Core.Tests

open Functional.Core
open Functional.Core.Tests.OpRow

/// The rows of operations on each element.
[<RequireQualifiedAccess>]
module PointwiseRows =
    let all =
        [
            unary "~-" any (~-) |> integers
            unary "neg" any Tensor.neg |> integers
            unary "abs" (Signed(0.1, 3.0)) Tensor.abs |> integers
            unary "sign" (Signed(0.1, 3.0)) Tensor.sign |> integers
            unary "floor" (Grid(1.0, 0.3)) Tensor.floor
            unary "ceil" (Grid(1.0, 0.3)) Tensor.ceil
            unary "round" (Grid(1.0, 0.3)) Tensor.round
            unary "round: halves" (Grid(1.0, 0.5)) Tensor.round |> flat
            unary "reciprocal" (Signed(0.3, 3.0)) Tensor.reciprocal
            unary "sqrt" (Between(0.2, 4.0)) Tensor.sqrt
            unary "rsqrt" (Between(0.2, 4.0)) Tensor.rsqrt
            unary "exp" any Tensor.exp
            unary "expm1" any Tensor.expm1
            unary "expm1: near 0" (Between(-1e-4, 1e-4)) Tensor.expm1
            unary "log" (Between(0.2, 4.0)) Tensor.log
            unary "log1p" (Between(-0.7, 3.0)) Tensor.log1p
            unary "sin" (Between(-7.0, 7.0)) Tensor.sin
            unary "cos" (Between(-7.0, 7.0)) Tensor.cos
            unary "tan" (Between(-1.2, 1.2)) Tensor.tan
            unary "atan" (Between(-4.0, 4.0)) Tensor.atan
            unary "tanh" (Between(-4.0, 4.0)) Tensor.tanh
            unary "sinh" any Tensor.sinh
            unary "sinh: at 0" (Grid(0.0, 0.0)) Tensor.sinh
            unary "cosh" any Tensor.cosh
            unary "sigmoid" (Between(-6.0, 6.0)) Tensor.sigmoid
            unary "sigmoid: saturated" (Signed(20.0, 200.0)) Tensor.sigmoid
            unary "softplus" (Between(-6.0, 6.0)) Tensor.softplus
            unary "softplus: far out" (Signed(20.0, 200.0)) Tensor.softplus
            unary "logSigmoid" (Between(-6.0, 6.0)) Tensor.logSigmoid
            unary "relu" (Signed(0.1, 3.0)) Tensor.relu |> integers
            unary "elu" (Signed(0.1, 3.0)) Tensor.elu
            unary "x sigmoid x" (Between(-6.0, 6.0)) (fun x -> x * Tensor.sigmoid x)
            unary "erf" (Between(-3.0, 3.0)) Tensor.erf
            unary "square" any Tensor.square |> integers
            unary "pow" (Between(0.3, 3.0)) (fun x -> Tensor.pow x 2.5)
            unary "pow: whole exponent" (Signed(0.3, 3.0)) (fun x -> Tensor.pow x 3.0)
            unary "clamp" (Grid(0.5, 0.1)) (Tensor.clamp -1.0 1.0) |> integers
            unary "Abs" (Signed(0.1, 3.0)) abs
            unary "Exp" any exp
            unary "Log" (Between(0.2, 4.0)) log
            unary "Sqrt" (Between(0.2, 4.0)) sqrt
            unary "Sin" any sin
            unary "Cos" any cos
            unary "Tan" (Between(-1.2, 1.2)) tan
            unary "Tanh" any tanh
            binary "+" any (+) |> integers
            binary "-" any (-) |> integers
            binary "*" any (*) |> integers
            binary "/" (Signed(0.4, 3.0)) (/)
            two "%" [ Grid(1.0, 0.3); Signed(0.8, 0.9) ] pairs (%)
            two "%: int32" [ Between(-9.0, 9.0); Between(1.0, 5.0) ] pairs (%)
            |> integers
            |> flat
            binary "**" (Between(0.3, 2.0)) ( ** )
            unary "+: number" any (fun x -> 1.5 + (x + 0.25))
            unary "-: number" any (fun x -> 1.5 - (x - 0.25))
            unary "*: number" any (fun x -> 3.0 * (x * -2.0)) |> integers
            unary "/: number" (Signed(0.4, 3.0)) (fun x -> 3.0 / (x / -2.0))
            unary "%: number" (Grid(1.0, 0.3)) (fun x -> x % 1.5)
            unary "**: number" (Between(0.3, 2.0)) (fun x -> Tensor.Pow(1.5, x) + Tensor.Pow(x, -1.5))
            two "atan2" [ Signed(0.3, 2.0); Signed(0.3, 2.0) ] pairs Tensor.atan2
            two "maximum" [ Grid(0.5, 0.0); Grid(0.5, 0.25) ] pairs Tensor.maximum
            |> integers
            two "minimum" [ Grid(0.5, 0.0); Grid(0.5, 0.25) ] pairs Tensor.minimum
            |> integers
            two "where" [ Signed(0.5, 1.0); any ] pairs (fun c x -> Tensor.where (Tensor.gt c (Tensor.zerosLike c)) (x * 2.0) x)
            |> integers
            two "where: three shapes" [ Signed(0.5, 1.0); any ] [ [ [ 3; 1; 1 ]; [ 4; 1 ] ] ] (fun c x ->
                Tensor.where (Tensor.gt c (Tensor.zerosLike c)) x (Tensor.full x.DType [ 5 ] 2.0))
        ]
        @ [
            for name, f in
                [
                    "eq", Tensor.eq
                    "ne", Tensor.ne
                    "lt", Tensor.lt
                    "le", Tensor.le
                    "gt", Tensor.gt
                    "ge", Tensor.ge
                ] do
                two name [ Grid(0.5, 0.0); Grid(0.5, 0.25) ] pairs f

                two $"{name}: ties" [ Grid(1.0, 0.0); Grid(1.0, 0.0) ] pairs f
                |> integers
                |> flat
        ]
        @ [
            for dtype in [ Float32; Float64; Int32 ] do
                unary $"cast: {DType.name dtype}" (Grid(1.0, 0.3)) (Tensor.cast dtype)
                |> integers
                |> flat
            unary "stopGradient" any Tensor.stopGradient |> integers |> flat
        ]
