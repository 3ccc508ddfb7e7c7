namespace Functional.Core.Tests

open FsCheck
open FsCheck.FSharp
open Functional.Core
open Xunit

/// Algebra that holds for all shapes. Elements are small whole numbers in float64, so equality is exact.
type LawTests() =
    static let holds (property: Property) =
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(60).WithReplay(20261121UL, 7UL), property)

    static let forAll (cases: Gen<'a>) (law: 'a -> bool) =
        holds (Prop.forAll (Arb.fromGen cases) law)

    static let size =
        Gen.frequency [ 1, Gen.constant 0; 3, Gen.constant 1; 12, Gen.choose (2, 4) ]

    static let shapeOf ranks =
        Gen.bind (fun rank -> Gen.arrayOfLength rank size) ranks

    static let shape = shapeOf (Gen.choose (0, 4))

    static let tensor (shape: int[]) =
        gen {
            let! values = Gen.arrayOfLength (Shape.count shape) (Gen.choose (-9, 9))
            return Tensor.ofFloat64s shape (Array.map float values)
        }

    /// A shape that broadcasts to `target`: some sizes become 1, some leading axes go.
    static let narrowed (target: int[]) =
        gen {
            let! kept = Gen.arrayOfLength target.Length (Gen.choose (0, 2))
            let! dropped = Gen.choose (0, target.Length)

            return
                Array.map2 (fun size keep -> if keep = 0 then 1 else size) target kept
                |> Array.skip dropped
        }

    static let broadcastPair =
        gen {
            let! target = shape
            let! a = Gen.bind tensor (narrowed target)
            let! b = Gen.bind tensor (narrowed target)
            return target, a, b
        }

    /// A tensor of rank 1 or more, and one of its axes.
    static let withAxis =
        gen {
            let! x = Gen.bind tensor (shapeOf (Gen.choose (1, 4)))
            let! axis = Gen.choose (0, x.Rank - 1)
            return x, axis
        }

    static let withOrder =
        gen {
            let! x = Gen.bind tensor shape
            let! order = Gen.shuffle [| 0 .. x.Rank - 1 |]
            return x, order
        }

    static let equal (a: Tensor) (b: Tensor) =
        a.DType = b.DType && a.Shape = b.Shape && a.ToFloat64s() = b.ToFloat64s()

    [<Fact>]
    member _.``broadcasting repeats, whichever side needs it``() =
        forAll broadcastPair (fun (target, a, b) ->
            let sum = a + b

            equal sum (b + a)
            && equal sum (Tensor.broadcast sum.Shape a + Tensor.broadcast sum.Shape b)
            && Shape.broadcastsTo target sum.Shape)

    [<Fact>]
    member _.``products distribute over sums``() =
        forAll broadcastPair (fun (_, a, b) -> equal ((a + b) * a) (a * a + b * a))

    [<Fact>]
    member _.``comparisons partition``() =
        forAll broadcastPair (fun (_, a, b) ->
            let one = Tensor.onesLike (a + b)

            equal (Tensor.lt a b + Tensor.eq a b + Tensor.gt a b) one
            && equal (Tensor.ne a b) (one - Tensor.eq a b)
            && equal (Tensor.le a b) (one - Tensor.gt a b)
            && equal (Tensor.maximum a b + Tensor.minimum a b) (a + b))

    [<Fact>]
    member _.``the sum of a broadcast is the sum times the repeats``() =
        forAll broadcastPair (fun (target, a, _) ->
            let wide = Tensor.broadcast target a

            let repeats =
                if a.Count = 0 then
                    0.0
                else
                    float wide.Count / float a.Count

            (Tensor.sum wide).ToScalar() = (Tensor.sum a).ToScalar() * repeats)

    [<Fact>]
    member _.``reshape keeps the order of elements``() =
        forAll (Gen.bind tensor shape) (fun x ->
            equal x (x |> Tensor.flatten |> Tensor.reshape x.Shape)
            && (Tensor.flatten x).ToFloat64s() = x.ToFloat64s())

    [<Fact>]
    member _.``a permutation undone by its inverse changes nothing``() =
        forAll withOrder (fun (x, order) ->
            let inverse = order |> Array.indexed |> Array.sortBy snd |> Array.map fst
            equal x (x |> Tensor.permute order |> Tensor.permute inverse))

    [<Fact>]
    member _.``permuting then summing is summing the permuted axes``() =
        forAll withOrder (fun (x, order) ->
            x.Rank = 0
            || equal
                (x |> Tensor.permute order |> Tensor.sumOver [ 0 ])
                (let rest = order[1..]

                 let position axis =
                     rest |> Array.filter (fun other -> other < axis) |> Array.length

                 x |> Tensor.sumOver [ order[0] ] |> Tensor.permute (rest |> Array.map position)))

    [<Fact>]
    member _.``a slice takes back what pad added``() =
        forAll (Gen.zip withAxis (Gen.zip (Gen.choose (0, 3)) (Gen.choose (0, 3)))) (fun ((x, axis), (low, high)) ->
            let sizes = Array.init x.Rank (fun i -> if i = axis then low, high else 0, 0)
            let padded = Tensor.pad sizes x

            equal x (Tensor.slice axis low x.Shape[axis] padded)
            && (Tensor.sum padded).ToScalar() = (Tensor.sum x).ToScalar())

    [<Fact>]
    member _.``parts joined are the whole``() =
        forAll (Gen.zip withAxis (Gen.choose (0, 4))) (fun ((x, axis), cut) ->
            let size = x.Shape[axis]
            let cut = min cut size
            equal x (Tensor.concatenate axis [ Tensor.slice axis 0 cut x; Tensor.slice axis cut (size - cut) x ]))

    [<Fact>]
    member _.``stacking what an axis holds gives it back``() =
        forAll withAxis (fun (x, axis) ->
            x.Shape[axis] = 0
            || equal x (Tensor.stack axis [ for i in 0 .. x.Shape[axis] - 1 -> Tensor.at axis i x ]))

    [<Fact>]
    member _.``flipping twice changes nothing``() =
        forAll withAxis (fun (x, axis) -> equal x (x |> Tensor.flip axis |> Tensor.flip axis))

    [<Fact>]
    member _.``sums over axes may be taken one by one in any order``() =
        forAll withOrder (fun (x, order) ->
            let together = Tensor.sumOver order[..1] x

            let oneByOne =
                order[..1]
                |> Array.sortDescending
                |> Array.fold (fun x axis -> Tensor.sumOver [ axis ] x) x

            equal together oneByOne)

    [<Fact>]
    member _.``the transpose of a product is the product of transposes, swapped``() =
        let matrices =
            gen {
                let! stack = shapeOf (Gen.choose (0, 2))
                let! m, k, n = Gen.zip3 size size size
                let! a = tensor (Array.append stack [| m; k |])
                let! b = tensor (Array.append stack [| k; n |])
                return a, b
            }

        forAll matrices (fun (a, b) ->
            equal (Tensor.transpose (Tensor.matmul a b)) (Tensor.matmul (Tensor.transpose b) (Tensor.transpose a)))

    [<Fact>]
    member _.``gathering rows is a product with one-hot rows, and scattering its transpose``() =
        let rows =
            gen {
                let! table = tensor [| 4; 3 |]
                let! indices = Gen.arrayOf (Gen.choose (0, 3))
                return table, Tensor.ofInt32s [ indices.Length ] indices
            }

        forAll rows (fun (table, indices) ->
            let hot = Tensor.oneHot Float64 4 indices
            let gathered = Tensor.gatherRows indices table

            equal gathered (Tensor.matmul hot table)
            && equal (Tensor.scatterRows 4 indices gathered) (Tensor.matmul (Tensor.transpose hot) gathered))

    [<Fact>]
    member _.``transposed convolution is the adjoint of convolution``() =
        let convolution =
            gen {
                let! stride = Gen.choose (1, 3)
                let! dilation = Gen.choose (1, 2)
                let! low, high = Gen.zip (Gen.choose (0, 2)) (Gen.choose (0, 2))
                let! groups = Gen.choose (1, 2)
                let! images = tensor [| 2; 2; 6; 5 |]
                let! weights = tensor [| 4; 2 / groups; 3; 2 |]

                let options =
                    {
                        Stride = stride, 1
                        Dilation = dilation, 1
                        PadHeight = low, high
                        PadWidth = high, low
                        Groups = groups
                    }

                let! y = tensor (Tensor.conv2d options weights images).Shape
                return options, weights, images, y
            }

        forAll convolution (fun (options, weights, images, y) ->
            let forward = Tensor.conv2d options weights images

            let extra =
                images.Shape[2] - (Tensor.convTranspose2d options (0, 0) weights y).Shape[2]

            let back = Tensor.convTranspose2d options (extra, 0) weights y
            (Tensor.sum (forward * y)).ToScalar() = (Tensor.sum (images * back)).ToScalar())

    [<Fact>]
    member _.``rows of a softmax are probabilities that a shift does not change``() =
        forAll (Gen.filter (fun (x: Tensor, axis) -> x.Shape[axis] > 0) withAxis) (fun (x, axis) ->
            let p = Tensor.softmax axis x
            let off = Tensor.sumOver [ axis ] p - 1.0
            let shifted = Tensor.softmax axis (x + 700.0)

            let near (t: Tensor) =
                t.ToFloat64s() |> Array.forall (fun d -> abs d < 1e-12)

            near off && near (p - shifted))

    [<Fact>]
    member _.``an error in shapes names both``() =
        let pair = Gen.zip (Gen.bind tensor shape) (Gen.bind tensor shape)

        forAll pair (fun (a, b) ->
            try
                (a + b).Count >= 0
            with :? ShapeException as error ->
                error.Message.StartsWith "add: "
                && error.Message.Contains(Errors.show a.Shape)
                && error.Message.Contains(Errors.show b.Shape))
