namespace Functional.Core.Tests

open System
open Functional.Core
open Xunit

/// Matrices of float64 rows for tests, and sums over them written out.
[<RequireQualifiedAccess>]
module Matrices =
    let normal seed rows columns : float[][] =
        (Sample.normal (Key.ofSeed seed) Float64 [ rows; columns ]).ToFloat64s()
        |> Array.chunkBySize columns

    /// xᵀ·x.
    let squares (x: float[][]) =
        let columns = x[0].Length

        Array.init columns (fun i -> Array.init columns (fun j -> x |> Array.sumBy (fun row -> row[i] * row[j])))

    let tensor (rows: float[][]) =
        Tensor.ofFloat64s [ rows.Length; rows[0].Length ] (Array.concat rows)

    let ofTensor (matrix: Tensor) =
        matrix.ToFloat64s() |> Array.chunkBySize matrix.Shape[1]

    let dot (a: float[]) (b: float[]) = Array.map2 (*) a b |> Array.sum

    /// Σ weightᵢ·leftᵢᵀ·rightᵢ.
    let compose (weights: float[]) (left: float[][]) (right: float[][]) =
        Array.init left[0].Length (fun i ->
            Array.init right[0].Length (fun j ->
                Array.mapi (fun k weight -> weight * left[k][i] * right[k][j]) weights
                |> Array.sum))

    let close what tolerance (expected: float[][]) (found: float[][]) =
        Close.check what tolerance (Array.concat expected) (Array.concat found)

    let orthonormal tolerance (rows: float[][]) =
        for i in 0 .. rows.Length - 1 do
            for j in 0..i do
                let expected = if i = j then 1.0 else 0.0
                Assert.True(abs (dot rows[i] rows[j] - expected) <= tolerance, $"rows {i} and {j}: {dot rows[i] rows[j]}")

    let descending (values: float[]) =
        Assert.True(values |> Array.pairwise |> Array.forall (fun (a, b) -> a >= b))
