using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Cdr.EdgeAgent.Tests.VirtualCards;

/// <summary>What a virtual card is made of, and where it departs from a good one.</summary>
internal sealed record CardProfile
{
    public string Atr { get; init; } = "3BAC00402A001225006480000310009000";

    /// <summary>T=0: answers are fetched (61xx), lengths are corrected (6Cxx). A CPS4 speaks T=1 too.</summary>
    public bool T0 { get; init; } = true;

    public string Serial { get; init; } = "80250000010000001234";

    public string Pin { get; init; } = "1234";

    public string KeyLabel { get; init; } = "CPS_PRIV_AUT";

    /// <summary>The directory leaves the authentication key out.</summary>
    public bool WithoutAuthenticationKey { get; init; }

    /// <summary>The authentication reference signs with the other key: a badly made card.</summary>
    public bool SwappedKeys { get; init; }

    /// <summary>Its reference of RSASSA-PSS, listed in its TokenInfo. Nobody publishes the real one: this is invented, and found by whoever reads.</summary>
    public byte? Pss { get; init; }

    /// <summary>Its TokenInfo is not to be read.</summary>
    public bool SpoiltTokenInfo { get; init; }

    public static CardProfile Cps3 { get; } = new();

    public static CardProfile Cps4 { get; } = new() { Atr = "3B9B188001001225006480000401009044", T0 = false, Pss = 0x6A };
}

/// <summary>
/// A CPS3 in software, written for the tests from what is published of the real one: IAS-ECC files and commands, PKCS#15 directories, a PIN
/// that blocks after three wrong ones, two RSA keys. Ids of files that nobody publishes are invented here: an agent that follows the
/// directories finds them all the same.
/// </summary>
internal sealed class VirtualCard : IDisposable
{
    private static readonly byte[] Application = Convert.FromHexString("E828BD080F8025000001FF0010");
    private static readonly byte[] Sha256Info = Convert.FromHexString("3031300D060960864801650304020105000420");

    private readonly CardProfile profile;
    private readonly RSA authentication;
    private readonly RSA signature;
    private readonly Dictionary<string, byte[]> files;
    private readonly Lock gate = new();
    private string folder = "";
    private byte[]? selected;
    private byte[] pending = [];
    private byte key;
    private bool byPss;
    private bool verified;
    private int tries = 3;

    public VirtualCard(CardProfile profile, X509Certificate2 authentication, X509Certificate2 signature)
    {
        this.profile = profile;
        this.authentication = authentication.GetRSAPrivateKey()!;
        this.signature = signature.GetRSAPrivateKey()!;
        // Paths from the root, without 3F00.
        files = new()
        {
            ["2F00"] = Tlv(0x61, [.. Tlv(0x4F, Application), .. Tlv(0x51, Convert.FromHexString("3F007F10"))]),
            ["2F01"] = Convert.FromHexString("80430138460400010203E01002020104020201040202010002020100820290 00".Replace(" ", "", StringComparison.Ordinal)),
            ["D003"] = Tlv(0x5A, Convert.FromHexString(profile.Serial)),
            ["7F10/5031"] = [.. Directory(0xA0, "7001"), .. Directory(0xA4, "3F007F107002"), 0, 0, 0, 0],
            ["7F10/5032"] = Tlv(0x30, [.. Tlv(0x02, [0]), .. Tlv(0x04, Convert.FromHexString(profile.Serial)), .. Tlv(0x0C, "ASIP SANTE"u8.ToArray()), .. Tlv(0x03, [0x04, 0x10]), .. Algorithms()]),
            // The signature key first, and one identifier for both: neither place nor CKA_ID tells them apart.
            ["7F10/7001"] = [.. Key("CPS_PRIV_SIG", [0x06, 0x20, 0x40], 0x81), .. profile.WithoutAuthenticationKey ? [] : Key(profile.KeyLabel, [0x05, 0x20], 0x82), 0xFF, 0xFF],
            ["7F10/7002"] = [.. Certificate("Certificat de signature CPS", "3F007F108001"), .. Certificate("Certificat d'authentification CPS", "8002"), 0, 0],
            ["7F10/8001"] = signature.RawData,
            ["7F10/8002"] = [.. authentication.RawData, .. new byte[40]],
        };
        if (profile.SpoiltTokenInfo)
            files["7F10/5032"] = [0x30, 0x82, 0x7F];
    }

    public byte[] Atr => Convert.FromHexString(profile.Atr);

    public bool T0 => profile.T0;

    /// <summary>Commands since it was made.</summary>
    public int Commands { get; private set; }

    /// <summary>Wrong PINs left before it blocks.</summary>
    public int TriesLeft
    {
        get => tries;
        set => tries = value;
    }

    public bool IsVerified => verified;

    /// <summary>Signatures made with each key's reference.</summary>
    public List<byte> Signed { get; } = [];

    /// <summary>How often it was reset or powered on.</summary>
    public int Resets { get; private set; }

    /// <summary>Sees each command before the card does, with its number from 0.</summary>
    public Action<int, byte[]>? Watch { get; set; }

    public void Reset()
    {
        lock (gate)
        {
            (folder, selected, pending, key, verified) = ("", null, [], 0, false);
            Resets++;
        }
    }

    public byte[] Process(byte[] command)
    {
        var number = Commands++;
        Watch?.Invoke(number, command);
        lock (gate)
        {
            if (command.Length < 4 || command[0] != 0)
                return Status(0x6E00);
            var data = command.Length > 5 ? command.AsSpan(5, Math.Min(command[4], command.Length - 5)).ToArray() : [];
            var expected = command.Length == 5 ? command[4] : 0;
            return command[1] switch
            {
                0xA4 => Select(command[2], command[3], data),
                0xB0 => ReadBinary(command[2] << 8 | command[3], expected),
                0xC0 => GetResponse(expected),
                0x20 => command[3] == 1 ? Verify(data) : Status(0x6A88),
                0x22 => SetEnvironment(command[2], command[3], data),
                0x88 => InternalAuthenticate(data),
                _ => Status(0x6D00),
            };
        }
    }

    public void Dispose()
    {
        authentication.Dispose();
        signature.Dispose();
    }

    private byte[] Select(byte how, byte answer, byte[] data)
    {
        if (how == 0x04)
        {
            if (!data.AsSpan().SequenceEqual(Application))
                return Status(0x6A82);
            (folder, selected) = ("7F10", null);
            return Status(0x9000);
        }

        var path = Convert.ToHexString(data);
        if (path.StartsWith("3F00", StringComparison.Ordinal) || how == 0x08)
            path = path.StartsWith("3F00", StringComparison.Ordinal) ? path[4..] : path;
        else
            path = folder + path;
        if (path is "" or "7F10")
        {
            (folder, selected) = (path, null);
            return Status(0x9000);
        }

        var name = path.StartsWith("7F10", StringComparison.Ordinal) ? "7F10/" + path[4..] : path;
        if (!files.TryGetValue(name, out var file))
            return Status(0x6A82);
        selected = file;
        folder = name.Contains('/', StringComparison.Ordinal) ? "7F10" : "";
        if (answer == 0x0C)
            return Status(0x9000);
        var size = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(size, (ushort)file.Length);
        return Answer(Tlv(0x62, [.. Tlv(0x80, size), .. Tlv(0x82, [0x01]), .. Tlv(0x83, Convert.FromHexString(name[^4..])), .. Tlv(0x8A, [0x05]), .. Tlv(0xA1, Tlv(0x8C, [0x01, 0x00]))]));
    }

    private byte[] ReadBinary(int offset, int expected)
    {
        if (selected is null)
            return Status(0x6986);
        if (offset >= selected.Length)
            return Status(0x6B00);
        var left = Math.Min(selected.Length - offset, 256);
        var wanted = expected == 0 ? 256 : expected;
        if (wanted > left && profile.T0)
            return Status((ushort)(0x6C00 | (byte)left));
        return [.. selected.AsSpan(offset, Math.Min(wanted, left)), .. Status(0x9000)];
    }

    private byte[] GetResponse(int expected)
    {
        var wanted = expected == 0 ? 256 : expected;
        if (pending.Length == 0)
            return Status(0x6985);
        if (wanted > pending.Length)
            return Status((ushort)(0x6C00 | (byte)pending.Length));
        var (part, rest) = (pending[..wanted], pending[wanted..]);
        pending = rest;
        return [.. part, .. Status(rest.Length == 0 ? (ushort)0x9000 : (ushort)(0x6100 | (byte)Math.Min(rest.Length, 256)))];
    }

    private byte[] Verify(byte[] pin)
    {
        if (tries == 0)
            return Status(0x6983);
        if (pin.Length == 0)
            return verified ? Status(0x9000) : Status((ushort)(0x63C0 | tries));
        if (pin.AsSpan().SequenceEqual(System.Text.Encoding.ASCII.GetBytes(profile.Pin)))
        {
            (verified, tries) = (true, 3);
            return Status(0x9000);
        }

        verified = false;
        tries--;
        return tries == 0 ? Status(0x6983) : Status((ushort)(0x63C0 | tries));
    }

    private byte[] SetEnvironment(byte p1, byte p2, byte[] data)
    {
        if (p1 != 0x41 || p2 != 0xA4 || data is not [0x80, 0x01, var algorithm, 0x84, 0x01, 0x81 or 0x82] || algorithm != 0x02 && algorithm != profile.Pss)
            return Status(0x6A80);
        (key, byPss) = (data[5], algorithm != 0x02);
        return Status(0x9000);
    }

    private byte[] InternalAuthenticate(byte[] given)
    {
        if (!verified)
            return Status(0x6982);
        if (key == 0)
            return Status(0x6985);
        if (byPss ? given.Length != 32 : given.Length != 51 || !given.AsSpan(0, 19).SequenceEqual(Sha256Info))
            return Status(0x6A80);
        Signed.Add(key);
        var pair = key == 0x82 != profile.SwappedKeys ? authentication : signature;
        return Answer(pair.SignHash(given[^32..], HashAlgorithmName.SHA256, byPss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1));
    }

    private byte[] Answer(byte[] data)
    {
        if (!profile.T0)
            return [.. data, .. Status(0x9000)];
        pending = data;
        return Status((ushort)(0x6100 | (byte)Math.Min(data.Length, 256)));
    }

    private static byte[] Status(ushort status) => [(byte)(status >> 8), (byte)status];

    /// <summary>TokenInfo.supportedAlgorithms: PKCS#11's numbers of the mechanisms (1, 0D), what they do, and the card's references.</summary>
    private byte[] Algorithms()
    {
        static byte[] Algorithm(byte number, byte mechanism, byte reference) =>
            Tlv(0x30, [.. Tlv(0x02, [number]), .. Tlv(0x02, [mechanism]), 0x05, 0x00, .. Tlv(0x03, [0x04, 0x20]), .. Tlv(0x06, [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01]), .. Tlv(0x02, [reference])]);
        return Tlv(0xA2, [.. Algorithm(1, 0x01, 0x02), .. profile.Pss is { } pss ? Algorithm(2, 0x0D, pss) : []]);
    }

    private static byte[] Directory(byte tag, string path) => Tlv(tag, Tlv(0x30, Tlv(0x04, Convert.FromHexString(path))));

    private static byte[] Key(string label, byte[] usage, byte reference) => Tlv(0x30,
    [
        .. Tlv(0x30, [.. Label(label), .. Tlv(0x03, [0x07, 0x80]), .. Tlv(0x04, [0x01])]),
        .. Tlv(0x30, [.. Tlv(0x04, [0x01]), .. Tlv(0x03, usage), .. Tlv(0x03, [0x03, 0xB8]), .. Tlv(0x02, [0x00, reference])]),
        .. Tlv(0xA1, Tlv(0x30, [.. Tlv(0x30, Tlv(0x04, [])), .. Tlv(0x02, [0x08, 0x00])])),
    ]);

    private static byte[] Certificate(string label, string path) => Tlv(0x30,
    [
        .. Tlv(0x30, Label(label)),
        .. Tlv(0x30, Tlv(0x04, [0x01])),
        .. Tlv(0xA1, Tlv(0x30, Tlv(0x30, Tlv(0x04, Convert.FromHexString(path))))),
    ]);

    private static byte[] Label(string text) => Tlv(0x0C, System.Text.Encoding.UTF8.GetBytes(text));

    private static byte[] Tlv(byte tag, byte[] value) => value.Length < 0x80
        ? [tag, (byte)value.Length, .. value]
        : value.Length < 0x100 ? [tag, 0x81, (byte)value.Length, .. value] : [tag, 0x82, (byte)(value.Length >> 8), (byte)value.Length, .. value];
}
