using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Cdr.Support.Attachments;

namespace Cdr.Support.Tests.Attachments;

public sealed class HostileFileTests
{
    private const string PlainPdf = "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n";

    [Fact]
    public void A_picture_and_a_plain_pdf_are_kept()
    {
        Assert.Equal("image/png", Accepted("capture.png", Png()).Type);
        Assert.Equal("image/jpeg", Accepted("photo.JPG", Jpeg()).Type);
        Assert.Equal("application/pdf", Accepted("attestation.pdf", Encoding.Latin1.GetBytes(PlainPdf)).Type);
    }

    [Fact]
    public void What_a_camera_or_a_program_adds_is_left_out()
    {
        var png = Accepted("a.png", Png(("tEXt", "Author\0Camille Lavandier"u8.ToArray()), ("eXIf", "GPS"u8.ToArray()))).Bytes;
        Assert.Equal(Png(), png);
        var jpeg = Accepted("a.jpg", Jpeg((0xE1, "Exif GPS 48.85"u8.ToArray()), (0xFE, "<script>alert(1)</script>"u8.ToArray()))).Bytes;
        Assert.Equal(Jpeg(), jpeg);
    }

    [Theory]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>", "a.svg", "type-refused")]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>", "a.png", "type-refused")]
    [InlineData("<html><script>alert(1)</script></html>", "a.pdf", "type-refused")]
    [InlineData("MZ\u0090\0", "a.exe", "type-refused")]
    [InlineData("PK\u0003\u0004", "a.zip", "type-refused")]
    [InlineData("GIF89a", "a.gif", "type-refused")]
    [InlineData("\n%PDF-1.4\n%%EOF", "a.pdf", "type-refused")]
    [InlineData("", "a.png", "file-empty")]
    [InlineData("%PDF-1.4 nothing", "a.pdf", "pdf-damaged")]
    [InlineData("%PDF-1.4\n%%EOF\nPK\u0003\u0004", "a.pdf", "something-appended")]
    [InlineData("%PDF-1.4\n<< /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>\n%%EOF", "a.pdf", "pdf-acts")]
    [InlineData("%PDF-1.4\n<< /S /J#61vaScript >>\n%%EOF", "a.pdf", "pdf-acts")]
    [InlineData("%PDF-1.4\n<< /S /Launch /F (cmd.exe) >>\n%%EOF", "a.pdf", "pdf-acts")]
    [InlineData("%PDF-1.4\n<< /Type /EmbeddedFile >>\n%%EOF", "a.pdf", "pdf-acts")]
    [InlineData("%PDF-1.4\n<< /Encrypt 3 0 R >>\n%%EOF", "a.pdf", "pdf-acts")]
    public void What_is_no_picture_and_no_plain_pdf_is_refused(string content, string name, string code) => Assert.Equal(code, Refused(name, Encoding.Latin1.GetBytes(content)));

    [Theory]
    [InlineData("<< /Type /Annot /Subtype /FileAttachment /FS 4 0 R >>")]
    [InlineData("<< /Type /Filespec /F (a.exe) /EF << /F 5 0 R >> >>")]
    [InlineData("<< /F (a.exe) /EF<</F 5 0 R>> >>")]
    [InlineData("<< /F (a.exe) /E#46 % so\n 6 0 R >>")]
    [InlineData("<< /AF [4 0 R] >>")]
    [InlineData("<< /AF 4 0 R >>")]
    [InlineData("<< /A << /S /URI /URI (https://evil.example/) >> >>")]
    [InlineData("<< /A << /S/U#52I >> >>")]
    [InlineData("<< /URI (https://evil.example/) >>")]
    [InlineData("<< /Subtype /3D /3DD 5 0 R >>")]
    [InlineData("<< /3DD 5 0 R >>")]
    [InlineData("<< /OnInstantiate 5 0 R >>")]
    [InlineData("<< /S /Rendition >>")]
    public void A_pdf_that_holds_a_file_or_leads_elsewhere_is_refused(string thing) =>
        Assert.Equal("pdf-acts", Refused("a.pdf", Encoding.Latin1.GetBytes($"%PDF-1.5\n3 0 obj {thing} endobj\n%%EOF")));

    [Theory]
    [InlineData("/N 1 /First 4 /Filter /FlateDecode")]
    [InlineData("/N 1 /#46irst 7 0 R /Filter /FlateDecode")]
    [InlineData("/N 1 /First 4 /X (>> endobj << /Y) /Filter /FlateDecode")]
    [InlineData("/N 1 /First 4 % endobj <<\n /Filter /FlateDecode")]
    [InlineData("/N 1 /First 4 /Filter [/FlateDecode /FlateDecode]")]
    [InlineData("/N 1 /First 4 /Type /XObject /Filter /ASCIIHexDecode")]
    [InlineData("/N 1 /First 4 /DecodeParms << /Predictor 12 >> /Filter /FlateDecode")]
    public void Packed_objects_that_do_not_say_what_they_are_are_refused(string dictionary)
    {
        byte[] pdf = [.. Encoding.Latin1.GetBytes($"%PDF-1.5\n3 0 obj << {dictionary} >> stream\r\n"), .. Deflated("1 0 << /Nothing /Here >>"u8.ToArray()), .. "\nendstream endobj\n%%EOF"u8];
        Assert.Equal("pdf-acts", Refused("a.pdf", pdf));
    }

    [Fact]
    public void What_any_stream_hides_is_found_wherever_it_lies()
    {
        // Over the seam of two readings too.
        foreach (var before in new[] { 0, 65_530, 65_536, 131_060 })
        {
            byte[] pdf = [.. "%PDF-1.5\n3 0 obj << /Filter /FlateDecode >> stream\r\n"u8, .. Deflated([.. new byte[before], .. "<< /S /JavaScript >>"u8]), .. "\nendstream endobj\n%%EOF"u8];
            Assert.Equal("pdf-acts", Refused("a.pdf", pdf));
        }
    }

    [Fact]
    public void Outlines_appearances_and_profiles_of_a_plain_pdf_are_kept() =>
        Accepted("a.pdf", Encoding.Latin1.GetBytes("%PDF-1.5\n3 0 obj << /Type /Outlines /First 4 0 R /Last 4 0 R /Count 1 >> endobj\n5 0 obj << /AP << /N 6 0 R >> /F 4 >> endobj\n7 0 obj << /N 3 /Length 1 >> stream\nx\nendstream endobj\n%%EOF"));

    [Fact]
    public void A_dictionary_that_never_ends_is_refused_without_being_read_for_minutes()
    {
        foreach (var part in new[] { "obj<<", "obj<</N 1", "obj(", "obj<</A(" })
        {
            var pdf = Encoding.Latin1.GetBytes("%PDF-1 " + string.Concat(Enumerable.Repeat(part, 4_000_000 / part.Length)) + "%%EOF");
            var began = System.Diagnostics.Stopwatch.StartNew();
            AttachmentInspection.Inspect("a.pdf", pdf);
            Assert.InRange(began.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        }
    }

    [Fact]
    public void Of_a_jpegs_own_words_nothing_but_its_density_is_kept()
    {
        var payload = "<?php system($_GET[0]); ?>"u8.ToArray();
        byte[] jfif = [.. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0];
        Assert.Equal(Jpeg(), Accepted("a.jpg", Jpeg(first: [.. jfif, .. payload])).Bytes);
        Assert.DoesNotContain("php", Encoding.Latin1.GetString(Accepted("a.jpg", Jpeg(first: [.. "JFXX\0"u8, .. payload])).Bytes), StringComparison.Ordinal);
        foreach (byte marker in new byte[] { 0xE0, 0xEE, 0xF0, 0xFD, 0xC8, 0x02 })
            Assert.DoesNotContain("php", Encoding.Latin1.GetString(Accepted("a.jpg", Jpeg((marker, marker == 0xEE ? [.. "Adobe"u8, 0, 100, 0, 0, 0, 0, 1, .. payload] : payload))).Bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_polyglot_is_refused()
    {
        Assert.Equal("something-appended", Refused("a.png", [.. Png(), .. "PK\u0003\u0004 zip"u8]));
        Assert.Equal("something-appended", Refused("a.jpg", [.. Jpeg(), .. "<script>"u8]));
        Assert.Equal("something-appended", Refused("a.png", [.. Png(), .. Encoding.Latin1.GetBytes(PlainPdf)]));
    }

    [Fact]
    public void A_script_that_a_stream_hides_is_found()
    {
        var packed = Deflated("<< /S /JavaScript /JS (app.alert(1)) >>"u8.ToArray());
        byte[] pdf = [.. "%PDF-1.5\n3 0 obj << /Type /ObjStm /Filter /FlateDecode >> stream\r\n"u8, .. packed, .. "\nendstream endobj\n%%EOF"u8];
        Assert.Equal("pdf-acts", Refused("a.pdf", pdf));
    }

    [Fact]
    public void Packed_objects_that_do_not_unpack_to_their_end_are_refused()
    {
        var packed = Deflated("1 0 << /S /JavaScript /JS (app.alert(1)) >>"u8.ToArray());
        var wrong = packed.ToArray();
        wrong[^1] ^= 1;
        byte[] headless = [(byte)'x', .. packed.AsSpan(1)];
        headless[1] ^= 1;
        foreach (var data in new[] { wrong, headless, packed[2..], packed[..^5], [] })
        {
            byte[] pdf = [.. "%PDF-1.5\n3 0 obj << /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode >> stream\r\n"u8, .. data, .. "\nendstream endobj\n%%EOF"u8];
            Assert.Contains(Refused("a.pdf", pdf), (string[])["pdf-damaged", "pdf-acts"]);
        }
    }

    [Fact]
    public void Many_packed_objects_are_refused_without_being_read_for_minutes()
    {
        byte[] one = [.. "3 0 obj << /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode >> stream\r\n"u8, .. Deflated(Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat("/a ", 2_700_000)))), .. "\nendstream endobj\n"u8];
        byte[] pdf = [.. "%PDF-1.5\n"u8, .. Enumerable.Repeat(one, 300).SelectMany(part => part), .. "%%EOF"u8];
        Assert.True(pdf.Length < AttachmentInspection.MostBytes);
        var began = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal("bomb", Refused("a.pdf", pdf));
        // Beside other tests a second becomes six.
        Assert.InRange(began.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData("/Type /ObjStm /Filter /ASCIIHexDecode")]
    [InlineData("/Type /ObjStm /Filter [/FlateDecode /FlateDecode]")]
    [InlineData("/Type /ObjStm /Filter /FlateDecode /DecodeParms << /Predictor 12 >>")]
    [InlineData("/Type /#4FbjStm /Filter /FlateDecode")]
    [InlineData("/Type /ObjStm /Filter 7 0 R")]
    [InlineData("/Type /ObjStm /Filter /ASCIIHexDecode /X (obj)")]
    [InlineData("/Type /ObjStm /Filter /FlateDecode /Filter /ASCIIHexDecode")]
    [InlineData("/Type /ObjStm /F (\\\\host\\share) /FFilter /FlateDecode")]
    public void Objects_that_are_packed_otherwise_are_refused(string dictionary) =>
        Assert.Equal("pdf-acts", Refused("a.pdf", Encoding.Latin1.GetBytes($"%PDF-1.5\n3 0 obj << {dictionary} >> stream\nx\nendstream endobj\n%%EOF")));

    [Theory]
    [InlineData("stream \r\n")]
    [InlineData("stream\t\n")]
    [InlineData("stream\r")]
    [InlineData("stream")]
    public void Objects_whose_data_do_not_begin_on_the_next_line_are_refused(string keyword)
    {
        var packed = Deflated("<< /S /JavaScript /JS (app.alert(1)) >>"u8.ToArray());
        byte[] pdf = [.. "%PDF-1.5\n3 0 obj << /Type /ObjStm /Filter /FlateDecode >> "u8, .. Encoding.Latin1.GetBytes(keyword), .. packed, .. "\nendstream endobj\n%%EOF"u8];
        Assert.Equal("pdf-acts", Refused("a.pdf", pdf));
    }

    [Fact]
    public void Packed_objects_that_do_nothing_are_kept()
    {
        var packed = Deflated("1 0 << /Type /Pages /Kids [] /Count 0 >>"u8.ToArray());
        byte[] pdf = [.. "%PDF-1.5\n3 0 obj\n<</Type/ObjStm/N 1/First 4/Length 40/Filter/FlateDecode>>stream\r\n"u8, .. packed, .. "\nendstream endobj\n%%EOF"u8];
        Accepted("a.pdf", pdf);
    }

    [Fact]
    public void A_file_of_nothing_but_streams_is_refused_without_being_read_for_minutes()
    {
        var pdf = Encoding.Latin1.GetBytes("%PDF-1 obj\n" + string.Concat(Enumerable.Repeat("stream\n", 700_000)) + "%%EOF");
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("pdf-damaged", Refused("a.pdf", pdf));
        // A copy as text, and little beside.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64_000_000);
    }

    [Fact]
    public void A_bomb_is_refused_before_it_is_held()
    {
        var bomb = Deflated(new byte[48 * 1024 * 1024]);
        Assert.True(bomb.Length < 100_000);
        byte[] pdf = [.. "%PDF-1.5\n3 0 obj << /Filter /FlateDecode >> stream\n"u8, .. bomb, .. "\nendstream endobj\n%%EOF"u8];
        Assert.Equal("bomb", Refused("a.pdf", pdf));
        Assert.Equal("bomb", Refused("a.png", Png(data: bomb)));
        Assert.Equal("picture-too-large", Refused("a.png", Png(side: 60_000)));
        Assert.Equal("picture-too-large", Refused("a.jpg", Jpeg(side: 65_000)));
        Assert.Equal("file-too-large", Refused("a.png", new byte[AttachmentInspection.MostBytes + 1]));
    }

    [Fact]
    public void A_damaged_picture_is_refused_wherever_it_ends()
    {
        var (png, jpeg) = (Png(), Jpeg());
        Assert.All(Enumerable.Range(4, png.Length - 4), length => Assert.IsType<InspectedFile.Refused>(AttachmentInspection.Inspect("a.png", png[..length])));
        Assert.All(Enumerable.Range(3, jpeg.Length - 3), length => Assert.IsType<InspectedFile.Refused>(AttachmentInspection.Inspect("a.jpg", jpeg[..length])));
    }

    [Theory]
    [InlineData("capture.pdf")]
    [InlineData("capture.png.exe")]
    [InlineData("capture.svg")]
    [InlineData("capture.jpg")]
    public void A_name_that_says_something_else_is_refused(string name) => Assert.Equal("extension-mismatch", Refused(name, Png()));

    [Theory]
    [InlineData("../../etc/passwd.png", "passwd.png")]
    [InlineData("C:\\Windows\\system32\\évil.png", "évil.png")]
    [InlineData("a/b\\..\\c.png", "c.png")]
    [InlineData("capture\u202Egnp.png", "capturegnp.png")]
    [InlineData("a\r\nSet-Cookie: x=1.png", "x1.png")]
    [InlineData("....png", "png.png")]
    [InlineData("", "fichier.png")]
    [InlineData("<img src=x onerror=alert(1)>.png", "img srcx onerroralert(1).png")]
    [InlineData("capture.png ", "capture.png")]
    public void A_name_is_made_harmless(string name, string safe) => Assert.Equal(safe, Accepted(name, Png()).Name);

    private static InspectedFile.Accepted Accepted(string name, byte[] bytes) => Assert.IsType<InspectedFile.Accepted>(AttachmentInspection.Inspect(name, bytes));

    private static string Refused(string name, byte[] bytes) => Assert.IsType<InspectedFile.Refused>(AttachmentInspection.Inspect(name, bytes)).Code;

    internal static byte[] Png(params (string Name, byte[] Data)[] more) => Png(more, null);

    private static byte[] Png(byte[] data) => Png([], data);

    private static byte[] Png(int side) => Png([], null, side);

    private static byte[] Png((string Name, byte[] Data)[] more, byte[]? data, int side = 1)
    {
        var head = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(head, side);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), side);
        (head[8], head[9]) = (8, 0);
        byte[] png = [0x89, .. "PNG\r\n"u8, 0x1A, (byte)'\n', .. Chunk("IHDR", head)];
        foreach (var (name, bytes) in more)
            png = [.. png, .. Chunk(name, bytes)];
        return [.. png, .. Chunk("IDAT", data ?? Deflated([0, 127])), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string name, byte[] data)
    {
        var chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        Encoding.ASCII.GetBytes(name, chunk.AsSpan(4));
        data.CopyTo(chunk, 8);
        var crc = uint.MaxValue;
        foreach (var one in chunk.AsSpan(4, 4 + data.Length))
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }

        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), ~crc);
        return chunk;
    }

    private static byte[] Jpeg(params (byte Marker, byte[] Data)[] more) => Jpeg(more, 8);

    private static byte[] Jpeg(ushort side) => Jpeg([], side);

    private static byte[] Jpeg(byte[] first) => Jpeg([], 8, first);

    private static byte[] Jpeg((byte Marker, byte[] Data)[] more, ushort side, byte[]? first = null)
    {
        byte[] frame = [8, (byte)(side >> 8), (byte)side, (byte)(side >> 8), (byte)side, 1, 1, 0x11, 0];
        byte[] jpeg = [0xFF, 0xD8, .. Segment(0xE0, first ?? [.. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0])];
        foreach (var (marker, data) in more)
            jpeg = [.. jpeg, .. Segment(marker, data)];
        return [.. jpeg, .. Segment(0xC0, frame), .. Segment(0xDA, [1, 1, 0, 0, 63, 0]), 0x12, 0xFF, 0x00, 0x34, 0xFF, 0xD9];
    }

    private static byte[] Segment(byte marker, byte[] data) => [0xFF, marker, (byte)((data.Length + 2) >> 8), (byte)(data.Length + 2), .. data];

    private static byte[] Deflated(byte[] data)
    {
        using var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            stream.Write(data);
        return packed.ToArray();
    }
}
