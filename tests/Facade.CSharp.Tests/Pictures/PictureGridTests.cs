using System.Buffers.Binary;
using Xunit;

namespace Functional.Tests;

public class PictureGridTests
{
    private const int Letter = 7;
    private const int TextHeight = 13;

    [Fact]
    public void Labels_stand_under_pictures_and_make_room_for_themselves()
    {
        using TemporaryFolder folder = new();
        DataRows images = Tiny.Images(5);
        images.SavePng(folder["narrow.png"], 3, ["a", "b", "c", "d", "e"]);
        // A frame of 6 pixels, stacks of 3 rows, a gap and a text, 3 pixels apart.
        Assert.Equal((2 * 6 + 3 * Letter + 2 * 3, 2 * 6 + 2 * (3 + 1 + TextHeight) + 3), SizeOf(folder["narrow.png"]));
        images.SavePng(folder["wide.png"], 3, ["a", "bbbb", "c", "d", "e"], images);
        Assert.Equal((2 * 6 + 3 * 4 * Letter + 2 * 3, 2 * 6 + 2 * (3 + 1 + 3 + 1 + TextHeight) + 3), SizeOf(folder["wide.png"]));
    }

    [Fact]
    public void Lines_have_names_and_their_own_lengths()
    {
        using TemporaryFolder folder = new();
        PictureGrid.SavePng(folder["named.png"], new PictureLine("clean", Tiny.Images(5)), new PictureLine("ab", Tiny.Images(2)));
        // The names are as high as a letter, which is more than the pictures are.
        Assert.Equal((2 * 6 + 5 * Letter + 6 + 5 * 4 + 4 * 3, 2 * 6 + 2 * TextHeight + 3), SizeOf(folder["named.png"]));
        PictureGrid.SavePng(folder["plain.png"], new PictureLine("", Tiny.Images(2)));
        Assert.Equal((2 * 6 + 2 * 4 + 3, 2 * 6 + 3), SizeOf(folder["plain.png"]));
    }

    [Fact]
    public void What_can_not_be_drawn_is_refused()
    {
        using TemporaryFolder folder = new();
        string path = folder["a.png"];
        DataRows images = Tiny.Images(3);
        Assert.Throws<ArgumentException>(() => images.SavePng(path, 2, ["a"]));
        Assert.Throws<ArgumentException>(() => images.SavePng(path, 2, images.Take(2)));
        Assert.Throws<ArgumentException>(() => PictureGrid.SavePng(path));
        Assert.Throws<InvalidOperationException>(() => PictureGrid.SavePng(path, new PictureLine("a", Tiny.Matrix())));
        Assert.Throws<InvalidOperationException>(() => images.Take(0).SavePng(path, 2, Array.Empty<string>()));
        Assert.False(File.Exists(path));
    }

    private static (int Width, int Height) SizeOf(string png)
    {
        byte[] header = File.ReadAllBytes(png)[16..24];
        return (BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4)));
    }
}
