using System.Numerics.Tensors;
using Xunit;

namespace Functional.Tests;

public class DataTests
{
    [Fact]
    public void Letters_are_images_in_three_parts()
    {
        ImageSet letters = Datasets.Letters(seed: 1);
        Assert.Equal((29, 29), (letters.Height, letters.Width));
        Assert.Equal((3120, 312, 312), (letters.Train.Count, letters.Validation.Count, letters.Test.Count));
        Assert.Equal("A", letters.Train.Classes![letters.Train.Labels![0]]);
        Assert.Equal(841, letters.Test[0].Length);
        Assert.Same(letters.Test, letters["test"]);
        Assert.Same(letters.Validation, letters.HeldOut);
        Assert.Equal(letters.Train.ToMatrix(), Datasets.Letters(seed: 1).Train.ToMatrix());
        Assert.NotEqual(letters.Train.ToMatrix(), Datasets.Letters(seed: 2).Train.ToMatrix());
    }

    [Fact]
    public void A_part_without_rows_can_not_be_asked_for()
    {
        DataSplits plane = Datasets.Plane3D();
        Assert.IsNotType<ImageSet>(plane);
        Assert.Equal(0, plane.Validation.Count);
        Assert.Contains("train or test", Assert.Throws<ArgumentException>(() => plane["validation"]).Message);
        Assert.Contains("perhaps you meant train", Assert.Throws<ArgumentException>(() => plane["trian"]).Message);
        Assert.Throws<InvalidOperationException>(() => plane.Train.SavePng("points.png"));
    }

    [Fact]
    public void Files_are_read_and_their_faults_placed()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["a.csv"], "a,b\n0.5,1\n0.25,0\n");
        DataRows rows = Datasets.Load($"csv:{folder["a.csv"]}").Train;
        Assert.Equal([0.5f, 1f, 0.25f, 0f], rows.Values.ToArray());
        File.WriteAllText(folder["b.csv"], "a,b\n0.5,1\n0.25,x\n");
        Assert.Contains("line 3", Assert.Throws<InvalidDataException>(() => Datasets.Load($"csv:{folder["b.csv"]}")).Message);
        Assert.Throws<FileNotFoundException>(() => Datasets.Load($"csv:{folder["none.csv"]}"));
        Assert.Contains("perhaps you meant letters", Assert.Throws<ArgumentException>(() => Datasets.Load("leters")).Message);
    }

    [Fact]
    public void Rows_keep_the_shape_that_they_are_given()
    {
        DataRows cube = Tensor.Create(new float[24], [2, 3, 4]);
        Assert.Equal((2, 12, true), (cube.Count, cube.RowSize, cube.AreImages));
        Assert.Equal([3, 4], cube.RowShape);
        Assert.Throws<ArgumentException>(() => (DataRows)Tensor.Create(new float[4], [4]));
        Assert.Throws<ArgumentException>(() => DataRows.Of(new float[25], 3, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => cube[2].Length);
        Assert.Equal(64, cube.Sha256.Length);
    }

    [Fact]
    public void Rows_are_split_by_a_seed_into_parts_that_are_all_of_them()
    {
        DataRows letters = Datasets.Letters().Test;
        (DataRows first, DataRows rest) = letters.Split(0.75, seed: 3);
        Assert.Equal((234, 78), (first.Count, rest.Count));
        string[] Texts(DataRows rows) =>
            [.. Enumerable.Range(0, rows.Count).Select(i => $"{rows.Labels![i]} {string.Join(' ', rows[i].ToArray())}")];
        Assert.Equal(Texts(letters).Order(), Texts(first).Concat(Texts(rest)).Order());
        Assert.Equal(first.ToMatrix(), letters.Split(0.75, seed: 3).First.ToMatrix());
        Assert.NotEqual(first.ToMatrix(), letters.Split(0.75, seed: 4).First.ToMatrix());
        Assert.NotEqual(first.Sha256, letters.Split(0.75, seed: 4).First.Sha256);
        Assert.Equal(letters.Classes, rest.Classes);
        foreach (double fraction in (double[])[0, 1, 0.001, 1.5, double.NaN])
            Assert.Contains("fraction: found", Assert.Throws<ArgumentException>(() => letters.Split(fraction)).Message);
    }

    [Fact]
    public void Rows_are_scaled_by_the_range_of_others()
    {
        DataRows training = new float[,]
        {
            { 1, 10 },
            { 3, 20 },
        };
        DataRows test = new float[,]
        {
            { 2, 40 },
        };
        Assert.Equal([0.5f, 3f], test.Rescale(training).Values.ToArray());
        Assert.NotEqual(test.Sha256, test.Rescale(training).Sha256);
        Assert.Throws<Core.ShapeException>(() => test.Rescale(Tiny.Images(2)));
    }

    [Fact]
    public void Pictures_have_the_size_of_their_grid()
    {
        using TemporaryFolder folder = new();
        DataRows images = Tiny.Images(5);
        images.SavePng(folder["plain.png"], columns: 3);
        Assert.Equal((2 + 3 * 6, 2 + 2 * 5), SizeOf(folder["plain.png"]));
        images.SavePng(folder["pairs.png"], columns: 3, below: images);
        Assert.Equal((2 + 3 * 6, 2 + 4 * 5), SizeOf(folder["pairs.png"]));
        images.SavePng(folder["wide.png"], columns: 16, below: images);
        Assert.Equal((2 + 5 * 6, 2 + 2 * 5), SizeOf(folder["wide.png"]));
    }

    [Fact]
    public void Codes_are_written_as_tables()
    {
        using TemporaryFolder folder = new();
        float[,] codes =
        {
            { 0.1f, -2f },
            { 3e-8f, 4f },
        };
        codes.Save(folder["codes.csv"], [7, 8]);
        Assert.Equal("code0,code1,label\n0.1,-2,7\n3E-08,4,8\n", File.ReadAllText(folder["codes.csv"]));
        codes.Save(folder["codes.npz"]);
        Assert.Equal(codes, Datasets.Load($"npz:{folder["codes.npz"]}").Train.ToMatrix());
        Assert.Throws<ArgumentException>(() => codes.Save(folder["codes.xls"]));
        Assert.Throws<ArgumentException>(() => codes.Save(folder["codes.csv"], [7]));
    }

    private static (int Width, int Height) SizeOf(string png)
    {
        byte[] header = File.ReadAllBytes(png)[16..24];
        return (
            System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(header),
            System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4))
        );
    }
}
