using System.Runtime.CompilerServices;

namespace Functional.Kernels;

/// <summary>
/// Copies of short lines, of a row of an image: a library call for each would cost more than the copy.
/// Four elements move at once; the last four may overlap those before, which does not matter to a copy.
/// </summary>
internal static unsafe class Line
{
    /// <summary><c>to[i] = from[i]</c></summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy<T>(T* from, T* to, int count)
        where T : unmanaged
    {
        int i = 0;
        for (; i <= count - 4; i += 4)
            *(Four<T>*)(to + i) = *(Four<T>*)(from + i);
        if (i == count)
            return;
        if (count >= 4)
            *(Four<T>*)(to + count - 4) = *(Four<T>*)(from + count - 4);
        else
            for (; i < count; i++)
                to[i] = from[i];
    }

    /// <summary><c>to[i · toStep] = from[i · fromStep]</c></summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy<T>(T* from, nint fromStep, T* to, nint toStep, int count)
        where T : unmanaged
    {
        int i = 0;
        for (; i <= count - 4; i += 4)
        {
            T value0 = from[0];
            T value1 = from[fromStep];
            T value2 = from[2 * fromStep];
            T value3 = from[3 * fromStep];
            to[0] = value0;
            to[toStep] = value1;
            to[2 * toStep] = value2;
            to[3 * toStep] = value3;
            from += 4 * fromStep;
            to += 4 * toStep;
        }

        for (; i < count; i++)
        {
            *to = *from;
            from += fromStep;
            to += toStep;
        }
    }
}
