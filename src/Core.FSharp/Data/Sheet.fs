namespace Functional.Core

open System

/// Pictures and words laid out on a sheet of light grey. Each function makes one picture of several, so that they nest.
[<RequireQualifiedAccess>]
module Sheet =
    /// The grey of the sheet.
    [<Literal>]
    let Ground = 235uy

    /// A line of text on the sheet.
    let text line = Glyphs.text Ground line

    /// The picture with three channels; a grey one gets the same in each.
    let private coloured (picture: Picture) =
        if picture.Channels = 3 then
            picture
        else
            { picture with
                Channels = 3
                Pixels = Array.collect (Array.replicate 3) picture.Pixels
            }

    /// Pictures at their places, left and top, on an empty sheet.
    let private place width height (items: (int * int * Picture) list) : Picture =
        let areColoured = items |> List.exists (fun (_, _, picture) -> picture.Channels = 3)
        let channels = if areColoured then 3 else 1
        let pixels = Array.create (width * height * channels) Ground

        for left, top, picture in items do
            let picture = if areColoured then coloured picture else picture
            let stride = picture.Width * channels

            for y in 0 .. picture.Height - 1 do
                Array.Copy(picture.Pixels, y * stride, pixels, ((top + y) * width + left) * channels, stride)

        {
            Width = width
            Height = height
            Channels = channels
            Pixels = pixels
        }

    let private starts gap sizes =
        List.scan (fun at size -> at + size + gap) 0 sizes

    /// Pictures from left to right, `gap` pixels apart, their middles on one line.
    let beside gap (pictures: Picture list) =
        let height = pictures |> List.map _.Height |> List.max
        let lefts = pictures |> List.map _.Width |> starts gap

        List.zip (List.take pictures.Length lefts) pictures
        |> List.map (fun (left, picture) -> left, (height - picture.Height) / 2, picture)
        |> place (List.last lefts - gap) height

    /// Pictures from top to bottom, `gap` pixels apart, their left edges on one line.
    let below gap (pictures: Picture list) =
        let width = pictures |> List.map _.Width |> List.max
        let tops = pictures |> List.map _.Height |> starts gap

        List.zip (List.take pictures.Length tops) pictures
        |> List.map (fun (top, picture) -> 0, top, picture)
        |> place width (List.last tops - gap)

    /// A picture in the middle of at least `width` columns.
    let centred width (picture: Picture) =
        let width = max width picture.Width
        place width picture.Height [ (width - picture.Width) / 2, 0, picture ]

    /// A picture at the right end of at least `width` columns.
    let rightAligned width (picture: Picture) =
        let width = max width picture.Width
        place width picture.Height [ width - picture.Width, 0, picture ]

    /// A picture with `margin` pixels of empty sheet around it.
    let framed margin (picture: Picture) =
        place (picture.Width + 2 * margin) (picture.Height + 2 * margin) [ margin, margin, picture ]
