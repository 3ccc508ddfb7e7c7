namespace Functional.Core.Tests

open Functional.Core
open Xunit

type SheetTests() =
    let picture width height channels (pixels: byte list) =
        {
            Width = width
            Height = height
            Channels = channels
            Pixels = List.toArray pixels
        }

    let g = Sheet.Ground

    /// The rows of a character in which it has ink.
    let inked character =
        let glyph = Glyphs.text 255uy (string character)

        [
            for y in 0 .. Glyphs.Height - 1 do
                if Array.exists (fun p -> p < 128uy) glyph.Pixels[y * Glyphs.Width .. (y + 1) * Glyphs.Width - 1] then
                    y
        ]

    [<Fact>]
    member _.``characters stand on one line, and those with tails reach below it``() =
        let foot character = List.last (inked character)

        for character in "AEHTZahmz1247" do
            Assert.Equal(foot 'x', foot character)

        for character in "gpqy_" do
            Assert.True(foot character > foot 'x', string character)

        for character in "bdhklAT" do
            Assert.True(List.head (inked character) < List.head (inked 'x'), string character)

    [<Fact>]
    member _.``every character but the blank has ink and is like no other``() =
        let glyphs =
            [ for code in 32..126 -> (Glyphs.text 255uy (string (char code))).Pixels ]

        Assert.All(glyphs.Head, (fun p -> Assert.Equal(255uy, p)))
        Assert.All(glyphs.Tail, (fun pixels -> Assert.Contains(pixels, (fun p -> p < 128uy))))
        Assert.Equal(95, (List.distinct glyphs).Length)

    [<Fact>]
    member _.``a text is its characters side by side, and unknown ones are question marks``() =
        let text = Sheet.text "a?"
        Assert.Equal((2 * Glyphs.Width, Glyphs.Height), (text.Width, text.Height))
        Assert.Equal(text, Sheet.beside 0 [ Sheet.text "a"; Sheet.text "?" ])
        Assert.Equal(Sheet.text "?", Sheet.text "ж")
        Assert.Equal((1, Glyphs.Height), ((Sheet.text "").Width, (Sheet.text "").Height))

    [<Fact>]
    member _.``pictures lie beside and below one another``() =
        let one = picture 1 1 1 [ 1uy ]
        let tall = picture 1 3 1 [ 2uy; 3uy; 4uy ]
        Assert.Equal(picture 3 3 1 [ g; g; 2uy; 1uy; g; 3uy; g; g; 4uy ], Sheet.beside 1 [ one; tall ])
        Assert.Equal(picture 1 5 1 [ 1uy; g; 2uy; 3uy; 4uy ], Sheet.below 1 [ one; tall ])
        let wide = picture 2 1 1 [ 5uy; 6uy ]
        Assert.Equal(picture 2 2 1 [ 1uy; g; 5uy; 6uy ], Sheet.below 0 [ one; wide ])

    [<Fact>]
    member _.``a picture stands in the middle, at the right end or in a frame``() =
        let one = picture 1 1 1 [ 1uy ]
        Assert.Equal(picture 3 1 1 [ g; 1uy; g ], Sheet.centred 3 one)
        Assert.Equal(picture 3 1 1 [ g; g; 1uy ], Sheet.rightAligned 3 one)
        Assert.Equal(one, Sheet.centred 0 one)
        Assert.Equal(picture 3 3 1 [ g; g; g; g; 1uy; g; g; g; g ], Sheet.framed 1 one)

    [<Fact>]
    member _.``grey pictures are coloured beside coloured ones``() =
        let grey = picture 1 1 1 [ 7uy ]
        let colour = picture 1 1 3 [ 1uy; 2uy; 3uy ]
        Assert.Equal(picture 2 1 3 [ 7uy; 7uy; 7uy; 1uy; 2uy; 3uy ], Sheet.beside 0 [ grey; colour ])
