namespace Functional.Experiments

open System
open Functional
open Functional.Core
open Functional.Core.Engines

/// Langevin chains, unadjusted and adjusted, on two distributions in the plane whose moments are known otherwise.
[<RequireQualifiedAccess>]
module LangevinMoments =
    /// How a distribution is drawn from.
    type private Walk =
        {
            StepSize: float
            /// Steps from one draw to the next.
            Thin: int
            /// E x, E y, E x², E y², E xy of what these chains draw from.
            Expected: float list
        }

    /// A distribution, and the chains that draw from it.
    type private Target =
        {
            Name: string
            /// [points; 2] → [points].
            Energy: Tensor -> Tensor
            Unadjusted: Walk
            Adjusted: Walk
        }

    /// What the experiment measures, as functions of a point.
    let private moments: (string * (float -> float -> float)) list =
        [
            "E x", (fun x _ -> x)
            "E y", (fun _ y -> y)
            "E x²", (fun x _ -> x * x)
            "E y²", (fun _ y -> y * y)
            "E xy", (fun x y -> x * y)
        ]

    let private column index (points: Tensor) = Tensor.at 1 index points

    // ---- a normal distribution: means 0.5 and −0.5, variances 1, correlation 0.8

    let private centre = 0.5, -0.5

    /// The inverse of the covariance [1 0.8; 0.8 1]: its diagonal, and the number beside it.
    let private precision = 1.0 / 0.36, -0.8 / 0.36

    let private gaussianEnergy (points: Tensor) : Tensor =
        let onDiagonal, beside = precision
        let x: Tensor = column 0 points - fst centre
        let y: Tensor = column 1 points - snd centre
        0.5 * onDiagonal * (x * x + y * y) + beside * x * y

    /// Moments of a normal distribution around the centre with the inverse of this matrix for its covariance.
    let private gaussianMoments (onDiagonal, beside) =
        let determinant = onDiagonal * onDiagonal - beside * beside
        let variance, covariance = onDiagonal / determinant, -beside / determinant
        let x, y = centre
        [ x; y; x * x + variance; y * y + variance; x * y + covariance ]

    /// Moments of the unadjusted chain: x' = x − εP(x − μ) + √(2ε)z keeps μ and comes to the covariance (P − ½εP²)⁻¹.
    let private discretised stepSize =
        let p, q = precision
        gaussianMoments (p - stepSize / 2.0 * (p * p + q * q), q - stepSize * p * q)

    let private gaussian =
        {
            Name = "Gaussian"
            Energy = gaussianEnergy
            Unadjusted =
                {
                    StepSize = 0.1
                    Thin = 10
                    Expected = discretised 0.1
                }
            Adjusted =
                {
                    StepSize = 0.2
                    Thin = 10
                    Expected = gaussianMoments precision
                }
        }

    // ---- two moons

    /// ½((|z| − 2)/0.4)² − log(e^(−½((x − 2)/0.6)²) + e^(−½((x + 2)/0.6)²)): Rezende & Mohamed 2015, table 1, the first.
    let private moonsEnergy (points: Tensor) =
        let radius = Tensor.sqrt (Tensor.sumOver [ 1 ] (Tensor.square points))
        let x = column 0 points

        let moon (centre: float) : Tensor =
            -0.5 * Tensor.square ((x - centre) / 0.6)

        0.5 * Tensor.square ((radius - 2.0) / 0.4)
        - Tensor.logSumExpOver [ 0 ] (Tensor.stack 0 [ moon 2.0; moon -2.0 ])

    /// Places from −4 to 4, the distance from one to the next given by their number.
    let private places count =
        Array.init count (fun i -> -4.0 + 8.0 * float i / float (count - 1))

    /// A function of tensors at all pairs of places: [y; x].
    let private onGrid (f: Tensor -> Tensor) (places: float[]) : float[,] =
        let count = places.Length

        let points =
            [|
                for y in places do
                    for x in places do
                        x
                        y
            |]

        let values = (f (Tensor.ofFloat64s [ count * count; 2 ] points)).ToFloat64s()
        Array2D.init count count (fun row column -> values[row * count + column])

    /// Moments by summing over a grid, beyond which lies less than a millionth of the distribution.
    let private byQuadrature (energy: Tensor -> Tensor) =
        let places = places 401
        let weights = onGrid (fun points -> Tensor.exp -(energy points)) places

        let sum f =
            Seq.sum
                [
                    for row in 0 .. places.Length - 1 do
                        for column in 0 .. places.Length - 1 -> weights[row, column] * f places[column] places[row]
                ]

        let mass = sum (fun _ _ -> 1.0)
        // What symmetry makes 0 is 0 here but for the rounding of the sums.
        [ for _, moment in moments -> Math.Round(sum moment / mass, 10) + 0.0 ]

    let private moons () =
        let exact = byQuadrature moonsEnergy

        {
            Name = "two moons"
            Energy = moonsEnergy
            // The discretised chain has no closed form here; its step is small enough for its error to be below the standard errors.
            Unadjusted =
                {
                    StepSize = 0.004
                    Thin = 1000
                    Expected = exact
                }
            Adjusted =
                {
                    StepSize = 0.1
                    Thin = 100
                    Expected = exact
                }
        }

    // ---- measuring

    let private chains = 64

    /// Where four chains go, over lines of equal density.
    let private picture (context: Context) (target: Target) (sampler: string) (path: float[,,]) =
        let places = places 81
        let energies = onGrid target.Energy places
        let lowest = energies |> Seq.cast<float> |> Seq.min
        // Densities of e⁻¹, e⁻², … of the highest: an energy of 1, 2, … above the lowest.
        let x, y =
            Contours.lines [ for above in 1..4 -> lowest + float above ] places places energies

        let density = Series("density of e⁻¹, e⁻², e⁻³, e⁻⁴ of the highest", x, y)

        let chain number =
            Series($"chain {number + 1}", path[*, number, 0], path[*, number, 1])

        let series = density :: [ for number in 0..3 -> chain number ]

        let title =
            $"{sampler} on the {target.Name}: {Array3D.length1 path} places of each chain"

        let file = $"{target.Name}-{sampler}.svg".ToLowerInvariant()
        Charts.Lines(title, "x", "y", series).SaveSvg(Context.path file context)

    /// Rows of one kind of chains on one target, and the mean of what their steps told.
    let private measure
        (context: Context)
        (seed: int64)
        (target: Target)
        name
        (walk: Walk)
        (sampler: Sampler<'State, 'Info>)
        : Row list * 'Info =
        let engine =
            Cpu.create
                { Cpu.defaults with
                    Threads = context.Threads
                }

        let draw count thin =
            Sampler.drawsOn engine count thin sampler

        match Key.split 4 (Key.ofSeed seed) with
        | [ places; settling; drawing; walking ] ->
            let start = 2.0 * Sample.normal places Float32 [ chains; 2 ]
            let settled = draw 200 walk.Thin settling (sampler.Init start)
            context.Report $"{target.Name}, {name}"
            let count = context |> Context.choose 2000 500
            let draws = draw count walk.Thin drawing settled.State

            if seed = context.Seeds.Head then
                picture context target name (draw 120 (max 1 (walk.Thin / 100)) walking draws.State).Values

            let numbers =
                Array3D.init count chains moments.Length (fun draw chain moment ->
                    (snd moments[moment]) draws.Values[draw, chain, 0] draws.Values[draw, chain, 1])

            let found = Diagnostics.moments numbers

            let moment (what, _) expected (found: Moments) =
                Row.measured $"{target.Name}, {name}: {what}" found.Mean
                |> Row.published expected
                |> Row.shown "F4"
                |> Row.within (3.0 * found.StandardError) expected

            let worst =
                Row.measured $"{target.Name}, {name}: largest R-hat" (found |> Seq.map _.RHat |> Seq.max)
                |> Row.shown "F4"
                |> Row.atMost (context |> Context.choose 1.05 1.1)

            let fewest =
                Row.measured $"{target.Name}, {name}: least effective sample size" (found |> Seq.map _.EffectiveSampleSize |> Seq.min)
                |> Row.shown "F0"

            List.map3 moment moments walk.Expected (List.ofArray found) @ [ worst; fewest ], draws.Info
        | _ -> Errors.state "Key.split" "another number of keys" "four" ""

    let private onTarget (context: Context) seed (target: Target) : Row list =
        let unadjusted, _ =
            Langevin.sampler (Langevin.textbook target.Unadjusted.StepSize) target.Energy
            |> measure context seed target "ULA" target.Unadjusted

        let adjusted, info =
            Mala.sampler target.Adjusted.StepSize target.Energy
            |> measure context seed target "MALA" target.Adjusted

        unadjusted
        @ adjusted
        @ [
            Row.measured $"{target.Name}, MALA: acceptance" (Tensor.mean(info.Acceptance).ToScalar())
            |> Row.shown "F3"
        ]

    let experiment =
        {
            Id = "langevin"
            Title = "Langevin chains find the moments of a Gaussian and of two moons"
            Source = "Roberts & Tweedie 1996; closed forms and quadrature"
            Needs = []
            Seeds = 3
            Run =
                fun context ->
                    let targets = [ gaussian; moons () ]

                    let measure seed =
                        List.collect (onTarget context seed) targets

                    context |> Context.overSeeds measure
        }
