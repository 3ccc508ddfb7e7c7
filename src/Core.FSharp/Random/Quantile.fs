namespace Functional.Core

open System

/// Numbers below which a given share of a distribution lies.
[<RequireQualifiedAccess>]
module Quantile =
    /// c₀ + c₁x + c₂x² + ...
    let private polynomial (coefficients: float list) (x: float) =
        List.foldBack (fun c sum -> c + x * sum) coefficients 0.0

    let private ratio above below x =
        polynomial above x / polynomial (1.0 :: below) x

    // The three rational approximations of algorithm AS 241, PPND16: for the middle, the sides and the far tails.
    let private middle =
        ratio
            [
                3.3871328727963666080
                133.14166789178437745
                1971.5909503065514427
                13731.693765509461125
                45921.953931549871457
                67265.770927008700853
                33430.575583588128105
                2509.0809287301226727
            ]
            [
                42.313330701600911252
                687.18700749205790830
                5394.1960214247511077
                21213.794301586595867
                39307.895800092710610
                28729.085735721942674
                5226.4952788528545610
            ]

    let private side =
        ratio
            [
                1.42343711074968357734
                4.63033784615654529590
                5.76949722146069140550
                3.64784832476320460504
                1.27045825245236838258
                2.41780725177450611770e-1
                2.27238449892691845833e-2
                7.74545014278341407640e-4
            ]
            [
                2.05319162663775882187
                1.67638483018380384940
                6.89767334985100004550e-1
                1.48103976427480074590e-1
                1.51986665636164571966e-2
                5.47593808499534494600e-4
                1.05075007164441684324e-9
            ]

    let private tail =
        ratio
            [
                6.65790464350110377720
                5.46378491116411436990
                1.78482653991729133580
                2.96560571828504891230e-1
                2.65321895265761230930e-2
                1.24266094738807843860e-3
                2.71155556874348757815e-5
                2.01033439929228813265e-7
            ]
            [
                5.99832206555887937690e-1
                1.36929880922735805310e-1
                1.48753612908506148525e-2
                7.86869131145613259100e-4
                1.84631831751005468180e-5
                1.42151175831644588870e-7
                2.04426310338993978564e-15
            ]

    /// x with Φ(x) = `share`, to about 1 in 10¹⁶ (Wichura 1988, algorithm AS 241). Errors: option, when the share is not within 0 to 1, both
    /// excluded.
    let normal (share: float) : float =
        if not (share > 0.0 && share < 1.0) then
            Errors.option "share" $"{share}" "more than 0, less than 1" ""

        let fromMiddle = share - 0.5

        if abs fromMiddle <= 0.425 then
            fromMiddle * middle (0.180625 - fromMiddle * fromMiddle)
        else
            let depth = sqrt -(log (min share (1.0 - share)))

            let size =
                if depth <= 5.0 then
                    side (depth - 1.6)
                else
                    tail (depth - 5.0)

            float (sign fromMiddle) * size
