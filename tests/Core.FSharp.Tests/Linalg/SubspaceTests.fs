namespace Functional.Core.Tests

open System
open Functional.Core
open Xunit

/// Angles between spaces against spaces that are known.
type SubspaceTests() =
    static let rows (lists: float list list) =
        lists |> List.map List.toArray |> List.toArray |> Matrices.tensor

    [<Fact>]
    member _.``planes that are turned have the angles by which they are turned``() =
        for degrees in [ 0.0; 1e-9; 1e-3; 1.0; 30.0; 89.9999; 90.0 ] do
            let radians = degrees * Math.PI / 180.0
            let plane = rows [ [ 2.0; 0.0; 0.0; 0.0 ]; [ 3.0; 0.5; 0.0; 0.0 ] ]
            let turned = rows [ [ 1.0; 0.0; 0.0; 0.0 ]; [ 0.0; cos radians; 0.0; sin radians ] ]
            Close.check "angles" 1e-12 [| 0.0; degrees |] (Subspace.angles plane turned)
            Assert.Equal(degrees, Subspace.angle turned plane, 1e-12)

    [<Fact>]
    member _.``a space does not depend on the rows that span it``() =
        let space = Matrices.normal 1L 3 8
        let mix = Matrices.normal 2L 3 3

        let mixed =
            mix
            |> Array.map (fun weights -> Array.init 8 (fun j -> Array.mapi (fun k w -> w * space[k][j]) weights |> Array.sum))

        Assert.InRange(Subspace.angle (Matrices.tensor space) (Matrices.tensor mixed), 0.0, 1e-12)

    [<Fact>]
    member _.``a direction has one angle with a larger space``() =
        let plane = rows [ [ 1.0; 0.0; 0.0 ]; [ 0.0; 1.0; 0.0 ] ]
        Close.check "angles" 1e-13 [| 45.0 |] (Subspace.angles (rows [ [ 1.0; 1.0; sqrt 2.0 ] ]) plane)
        Close.check "angles" 1e-13 [| 45.0 |] (Subspace.angles plane (rows [ [ 1.0; 1.0; sqrt 2.0 ] ]))

    [<Fact>]
    member _.``rows in one direction are made orthonormal all the same``() =
        let row = [| 1.0; 2.0; 2.0 |]

        let basis =
            Subspace.orthonormalize [| row; Array.map (fun x -> 1e-3 * x) row; Array.zeroCreate 3 |]

        Matrices.orthonormal 1e-15 basis
        Close.check "first" 1e-15 [| 1.0 / 3.0; 2.0 / 3.0; 2.0 / 3.0 |] basis[0]

    [<Fact>]
    member _.``spaces that do not fit are refused``() =
        let refused a b =
            throws<ShapeException>(fun () -> Subspace.angles a b |> ignore) |> ignore

        refused (rows [ [ 1.0; 0.0 ] ]) (rows [ [ 1.0; 0.0; 0.0 ] ])
        refused (rows [ [ 1.0; 0.0 ] ]) (rows [ [ 1.0; 0.0 ]; [ 0.0; 1.0 ]; [ 1.0; 1.0 ] ])
        refused (Tensor.vector [ 1.0 ]) (rows [ [ 1.0 ] ])
