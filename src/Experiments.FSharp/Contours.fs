namespace Functional.Experiments

/// Lines along which a function of two numbers has one value.
[<RequireQualifiedAccess>]
module Contours =
    /// A corner of the grid: place and value.
    type private Corner = { X: float; Y: float; Value: float }

    /// Where the line crosses the side from a to b, the value running evenly between them; none when both ends are on one side of it.
    let private crossing level (a: Corner, b: Corner) =
        if (a.Value > level) = (b.Value > level) then
            None
        else
            let share = (level - a.Value) / (b.Value - a.Value)
            Some(a.X + share * (b.X - a.X), a.Y + share * (b.Y - a.Y))

    /// The piece of the line in a triangle: both its ends, or nothing.
    let private piece level (a, b, c) =
        [ a, b; b, c; c, a ] |> List.choose (crossing level)

    /// The lines on which `values`, [y; x] at the places `ys` and `xs`, has one of `levels`: points in pairs, a gap (not a number) behind each
    /// pair, as charts of curves take them.
    let lines (levels: float list) (xs: float[]) (ys: float[]) (values: float[,]) : float[] * float[] =
        let corner row column =
            {
                X = xs[column]
                Y = ys[row]
                Value = values[row, column]
            }

        let triangles =
            [
                for row in 0 .. ys.Length - 2 do
                    for column in 0 .. xs.Length - 2 do
                        let low, high = corner row column, corner (row + 1) (column + 1)
                        low, corner row (column + 1), high
                        low, corner (row + 1) column, high
            ]

        [|
            for level in levels do
                for triangle in triangles do
                    match piece level triangle with
                    | [] -> ()
                    | points ->
                        yield! points
                        nan, nan
        |]
        |> Array.unzip
