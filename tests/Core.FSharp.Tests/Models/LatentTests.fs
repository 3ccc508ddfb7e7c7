namespace Functional.Core.Tests

open System
open Functional.Core
open Xunit

type LatentTests() =
    static let a, b = [| 3.0f; 0.0f; 0.0f |], [| 0.0f; 4.0f; 0.0f |]

    static let length (code: float32[]) =
        sqrt (Array.sumBy (fun x -> float x * float x) code)

    [<Fact>]
    member _.``the square runs over the quantiles, to the right and upwards``() =
        let codes = Latent.grid 15
        Assert.Equal(225, codes.Length)
        let edge = 1.6448536f
        Assert.Equal<float32[]>([| -edge; edge |], codes[0])
        Assert.Equal<float32[]>([| edge; edge |], codes[14])
        Assert.Equal<float32[]>([| 0.0f; 0.0f |], codes[7 * 15 + 7])
        Assert.Equal<float32[]>([| edge; -edge |], codes[224])
        // 0.05 + 0.9/14·i is 0.24285714… at the third step.
        Close.check "quantile" 1e-12 [| Quantile.normal (0.05 + 0.9 * 3.0 / 14.0) |] [| (Latent.quantiles 15)[3] |]
        Close.check "three" 1e-14 [| Quantile.normal 0.05; 0.0; -(Quantile.normal 0.05) |] (Latent.quantiles 3)

    [<Fact>]
    member _.``a straight way has equal steps``() =
        let way = Latent.path Interpolation.Linear 5 a b

        for i, code in Array.indexed way do
            let share = float32 i / 4.0f
            Assert.Equal<float32[]>([| 3.0f * (1.0f - share); 4.0f * share; 0.0f |], code)

    [<Fact>]
    member _.``a spherical way turns by equal angles between its ends``() =
        let way = Latent.path Interpolation.Spherical 7 a b
        Assert.Equal<float32[]>(a, way[0])

        for i, code in Array.indexed way do
            // In the plane of two orthogonal codes: 3 cos θ and 4 sin θ with θ in equal steps.
            let angle = Math.PI / 2.0 * float i / 6.0
            Close.check $"step {i}" 1e-6 [| 3.0 * cos angle; 4.0 * sin angle; 0.0 |] (Array.map float code)

    [<Fact>]
    member _.``codes of one length stay on their sphere``() =
        let unit (angle: float) =
            [| 2.0f * float32 (cos angle); 2.0f * float32 (sin angle) |]

        for code in Latent.path Interpolation.Spherical 9 (unit 0.3) (unit 2.9) do
            Assert.Equal(2.0, length code, 5)

    [<Fact>]
    member _.``where there is no arc the way is straight``() =
        for b in [ Array.map (fun x -> 2.0f * x) a; Array.map (~-) a; [| 0.0f; 0.0f; 0.0f |] ] do
            Assert.Equal<float32[][]>(Latent.path Interpolation.Linear 5 a b, Latent.path Interpolation.Spherical 5 a b)

    [<Fact>]
    member _.``fewer than two places are refused``() =
        Assert.Contains("expected 2 or more", throws<ArgumentException>(fun () -> Latent.grid 1 |> ignore).Message)

        Assert.Contains("expected 2 or more", throws<ArgumentException>(fun () -> Latent.path Interpolation.Linear 1 a b |> ignore).Message)
