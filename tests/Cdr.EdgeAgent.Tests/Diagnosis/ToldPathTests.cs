using Cdr.EdgeAgent.Diagnosis;

namespace Cdr.EdgeAgent.Tests.Diagnosis;

public sealed class ToldPathTests
{
    private static readonly string[] Known = ToldPath.HomesOf(["root:x:0:0:root:/root:/bin/bash", "daemon:x:1:1::/usr/sbin:/bin/sh", "nobody:x:65534:65534::/nonexistent:/bin/sh", "durand:x:1001:1001::/data/people/durand:/bin/sh", "nguyen:x:1002:1002::/home/nguyen:/bin/sh", "petit:x:1003:1003::/data/martin/guests/petit:/bin/sh"]);

    [Theory]
    [InlineData("firefox", "firefox")]
    [InlineData("/usr/bin/firefox", "/usr/bin/firefox")]
    [InlineData("/etc/cdr-agent/agent.json", "/etc/cdr-agent/agent.json")]
    [InlineData("/srv/martin.d/x", "/srv/martin.d/x")]
    [InlineData("/data/martin/bin/firefox", "~/bin/firefox")]
    [InlineData("/data/martin", "~")]
    [InlineData("/data/martinet/firefox", "/data/martinet/firefox")]
    [InlineData("/data/people/durand/firefox", "~*/firefox")]
    [InlineData("/root/firefox", "~*/firefox")]
    [InlineData("/home/lefevre/firefox", "~*/firefox")]
    [InlineData("/home/lefevre", "~*")]
    [InlineData("/var/home/lefevre/firefox", "~*/firefox")]
    [InlineData("/Users/lefevre/Applications/Firefox.app", "~*/Applications/Firefox.app")]
    [InlineData("/Users/Shared/Firefox.app", "/Users/Shared/Firefox.app")]
    [InlineData(@"C:\Users\lefevre\firefox.exe", @"~*\firefox.exe")]
    [InlineData(@"C:\Users\Public\firefox.exe", @"C:\Users\Public\firefox.exe")]
    [InlineData(@"C:\Program Files\Mozilla Firefox\firefox.exe", @"C:\Program Files\Mozilla Firefox\firefox.exe")]
    // Of a directory's domain: nobody's home lies right under /home.
    [InlineData("/home/DOMAIN/lefevre/firefox", "~*/firefox")]
    [InlineData("/home/DOMAIN/lefevre/apps/firefox", "~*/apps/firefox")]
    [InlineData("/var/home/DOMAIN/lefevre/firefox", "~*/firefox")]
    [InlineData("/home/nguyen/apps/firefox", "~*/apps/firefox")]
    // The longest.
    [InlineData("/data/martin/guests/petit/firefox", "~*/firefox")]
    // What follows is no more anybody's.
    [InlineData("/data/martin/profiles/martin/firefox", "~/profiles/*/firefox")]
    [InlineData("/home/nguyen/of/Martin/firefox", "~*/of/*/firefox")]
    [InlineData("/media/martin/usb/firefox", "/media/*/usb/firefox")]
    public void A_home_is_told_without_its_user(string path, string told) => Assert.Equal(told, ToldPath.Of(path, ["/data/martin"], Known, "martin"));
}
