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

/// A bent normal distribution: x is standard normal, and y is normal around ½x² with deviation 1. [points; 2] → [points].
let energy (points: Tensor) : Tensor =
    let x, y = Tensor.at 1 0 points, Tensor.at 1 1 points
    0.5 * Tensor.square x + 0.5 * Tensor.square (y - 0.5 * Tensor.square x)

/// What follows from the sentence above.
let exact = [ "E x", 0.0; "E y", 0.5; "E x²", 1.0; "E y²", 1.75 ]

let chains, thin = 32, 20

/// Lets chains forget where they began, draws, and prints the moments; gives the farthest that one is from the exact number, in standard errors.
let study name (sampler: Sampler<'State, 'Info>) : float * 'Info =
    let draw = Sampler.draws count thin sampler
    let start = sampler.Init(Tensor.zeros Float32 [ chains; 2 ])
    let settled = draw (Key.ofSeed 1L) start
    let draws = draw (Key.ofSeed 2L) settled.State

    // E x and E y are means of the numbers drawn, E x² and E y² means of their squares.
    let numbers =
        Array3D.init count chains 4 (fun draw chain moment -> draws.Values[draw, chain, moment % 2] ** (if moment < 2 then 1.0 else 2.0))

    printfn $"{name}: {chains} chains, {count} draws each, {thin} steps apart"

    let distances =
        List.map2
            (fun (moment, expected) (found: Moments) ->
                printfn
                    $"  {moment, -4} {found.Mean, 7:F3} ± {found.StandardError:F3}, exact {expected:F2}; effective size {found.EffectiveSampleSize:F0}, R-hat {found.RHat:F3}"

                abs (found.Mean - expected) / found.StandardError)
            exact
            (List.ofArray (Diagnostics.moments numbers))

    List.max distances, draws.Info

let adjusted, info = study "MALA" (Mala.sampler 0.3 energy)
printfn $"  acceptance {(Tensor.mean info.Acceptance).ToScalar():F3}"

// Without the correction the same step widens the distribution.
let unadjusted, _ =
    study "ULA" (Langevin.sampler (Langevin.textbook 0.3) energy)

printfn $"farthest from the exact moments: MALA {adjusted:F1} standard errors, ULA {unadjusted:F1}"

if count >= 500 && adjusted > 4.0 then
    eprintfn "MALA did not find the moments"
    exit 1
