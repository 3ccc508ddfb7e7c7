// An energy of one's own, and its moments from chains of MALA and ULA: `dotnet fsi scripts/langevin.fsx [DRAWS]`
// after `dotnet build -c Release src/Core.FSharp`.
#r "../src/Core.FSharp/bin/Release/net10.0/Functional.Kernels.dll"
#r "../src/Core.FSharp/bin/Release/net10.0/Functional.Core.dll"

open Functional.Core

let count =
    if fsi.CommandLineArgs.Length > 1 then
        int fsi.CommandLineArgs[1]
    else
        2000

/// x has the logistic distribution, and y is normal around x with deviation ½. [points; 2] → [points].
let energy (points: Tensor) : Tensor =
    let x, y = Tensor.at 1 0 points, Tensor.at 1 1 points
    x + 2.0 * Tensor.softplus -x + 2.0 * Tensor.square (y - x)

/// What follows from the sentence above: moments as functions of a point, and their values.
let moments: (string * (float -> float -> float) * float) list =
    [
        "E x", (fun x _ -> x), 0.0
        "E x²", (fun x _ -> x * x), System.Math.PI ** 2.0 / 3.0
        "E (y − x)²", (fun x y -> (y - x) ** 2.0), 0.25
    ]

let chains, thin = 32, 20

/// Lets chains forget where they began, draws, and prints the moments; gives the farthest that one is from the exact number, in standard errors.
let study name (sampler: Sampler<'State, 'Info>) : float * 'Info =
    let draw = Sampler.draws count thin sampler
    let start = sampler.Init(Tensor.zeros Float32 [ chains; 2 ])
    let settled = draw (Key.ofSeed 1L) start
    let draws = draw (Key.ofSeed 2L) settled.State

    let numbers =
        Array3D.init count chains moments.Length (fun draw chain moment ->
            let _, f, _ = moments[moment]
            f draws.Values[draw, chain, 0] draws.Values[draw, chain, 1])

    printfn $"{name}: {chains} chains, {count} draws each, {thin} steps apart"

    let distances =
        List.map2
            (fun (moment, _, exact) (found: Moments) ->
                printfn $"  {moment, -10} {found.Mean, 6:F3} ± {found.StandardError:F3}, exact {exact:F3}"
                printfn $"             effective size {found.EffectiveSampleSize:F0}, R-hat {found.RHat:F3}"
                abs (found.Mean - exact) / found.StandardError)
            moments
            (List.ofArray (Diagnostics.moments numbers))

    List.max distances, draws.Info

let adjusted, info = study "MALA" (Mala.sampler 0.1 energy)
printfn $"  acceptance {(Tensor.mean info.Acceptance).ToScalar():F3}"

// Without the correction the same step widens the distribution.
let unadjusted, _ = study "ULA" (Langevin.sampler (Langevin.textbook 0.1) energy)

printfn $"farthest from the exact moments: MALA {adjusted:F1} standard errors, ULA {unadjusted:F1}"

if count >= 500 && adjusted > 4.0 then
    eprintfn "MALA did not find the moments"
    exit 1
