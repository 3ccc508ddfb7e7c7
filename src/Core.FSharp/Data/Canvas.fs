namespace Functional.Core

/// Where the pixels of an image lie on a canvas that is as large as the image or larger, and has as many channels.
type Canvas =
    {
        /// [channels; height; width] of the image.
        Image: int list
        /// [channels; height; width] of the canvas.
        Shape: int list
    }

/// Images with grey levels in 0 to 1 on canvases with levels in −1 to 1, whose margins are −1, the level of the background.
[<RequireQualifiedAccess>]
module Canvas =
    /// A canvas of `side` by `side` pixels, or more where the image has more, for rows [height; width] or [channels; height; width]. Rows of
    /// any other shape have no margins. Errors: option, for a negative side.
    let create (side: int) (row: int list) : Canvas =
        if side < 0 then
            Errors.option "side" $"{side}" "0 or more" ""

        let framed channels height width =
            {
                Image = [ channels; height; width ]
                Shape = [ channels; max side height; max side width ]
            }

        match row with
        | [ height; width ] -> framed 1 height width
        | [ channels; height; width ] -> framed channels height width
        | other -> { Image = other; Shape = other }

    /// The place on the canvas of each number of an image; the image is in the middle, and an odd row or column goes below or to the right.
    let private places (canvas: Canvas) : int[] =
        match canvas.Image, canvas.Shape with
        | [ channels; height; width ], [ _; rows; columns ] ->
            let top, left = (rows - height) / 2, (columns - width) / 2

            [|
                for channel in 0 .. channels - 1 do
                    for y in 0 .. height - 1 do
                        for x in 0 .. width - 1 do
                            (channel * rows + top + y) * columns + left + x
            |]
        | image, _ -> Array.init (List.fold (*) 1 image) id

    /// Images on the canvas: rows of the canvas's shape.
    let place (canvas: Canvas) (set: Dataset) : Dataset =
        let places, size = places canvas, List.fold (*) 1 canvas.Shape

        let place (image: float32[]) =
            let row = Array.create size -1.0f
            Array.iter2 (fun place level -> row[place] <- 2.0f * level - 1.0f) places image
            row

        Dataset.mapRows (List.toArray canvas.Shape) place set

    /// The images of rows of the canvas's shape that lie one after the other.
    let cut (canvas: Canvas) (rows: float32[]) : float32[] =
        let places, size = places canvas, List.fold (*) 1 canvas.Shape

        let image start =
            places |> Array.map (fun place -> (rows[start + place] + 1.0f) / 2.0f)

        [| 0..size .. rows.Length - 1 |] |> Array.collect image
