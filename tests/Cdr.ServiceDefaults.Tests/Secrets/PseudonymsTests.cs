using System.Security.Cryptography;
using System.Text;
using Cdr.ServiceDefaults.Secrets;
using FsCheck;
using FsCheck.Xunit;

namespace Cdr.ServiceDefaults.Tests.Secrets;

public sealed class PseudonymsTests : IDisposable
{
    private const string Nir = "1850578006084";
    private readonly KeyFiles files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void One_person_has_one_pseudonym_a_purpose_and_none_that_can_be_joined_or_enumerated()
    {
        var ring = files.Ring([1], [1]);
        var pseudonyms = new Pseudonyms(ring);

        Assert.Equal(pseudonyms.Of("person", Nir), new Pseudonyms(ring).Of("person", Nir));
        Assert.NotEqual(pseudonyms.Of("person", Nir), pseudonyms.Of("cache", Nir));
        Assert.NotEqual(pseudonyms.Of("person", Nir), new Pseudonyms(files.Ring([1], [2])).Of("person", Nir));
        Assert.NotEqual(pseudonyms.Of("person", Nir), SHA256.HashData(Encoding.UTF8.GetBytes(Nir)));
    }

    [Fact]
    public void After_a_rotation_look_ups_try_the_old_key_and_new_pseudonyms_take_the_new_one()
    {
        var before = new Pseudonyms(files.Ring([1], [1])).Of("person", Nir);
        var rotated = new Pseudonyms(files.Ring([1], [1, 2]));

        var tried = rotated.AllOf("person", Nir).ToList();

        Assert.Equal([1, 2], tried.Select(one => (int)one.Key));
        Assert.Equal(before, tried[0].Pseudonym);
        Assert.Equal(rotated.Of("person", Nir), tried[1].Pseudonym);
        Assert.Equal(2, rotated.ActiveKey);
    }

    [Property]
    public void A_text_of_any_length_and_script_has_32_bytes_of_its_own(NonNull<string> text)
    {
        var pseudonyms = new Pseudonyms(files.Ring([1], [1]));
        var whole = string.Concat(Enumerable.Repeat(text.Get, 40)) + "é𝄞";

        Assert.Equal(32, pseudonyms.Of("person", whole).Length);
        Assert.NotEqual(pseudonyms.Of("person", whole), pseudonyms.Of("person", whole + "a"));
    }
}
