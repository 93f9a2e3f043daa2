using System.Diagnostics;
using Cdr.EdgeAgent.Posts;

namespace Cdr.EdgeAgent.Tests.Posts;

public sealed class ProgramOutputTests
{
    [Fact]
    public void A_program_that_leaves_another_behind_is_not_waited_for()
    {
        var began = Stopwatch.StartNew();
        Assert.Null(ProgramOutput.Of("/bin/sh", "-c", "echo 1.2.3; sleep 40 &"));
        Assert.True(began.Elapsed < TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void What_a_program_says_is_told_where_it_did_not_fail()
    {
        Assert.Equal("1.2.3\n", ProgramOutput.Of("/bin/sh", "-c", "echo 1.2.3"));
        Assert.Null(ProgramOutput.Of("/bin/sh", "-c", "echo 1.2.3; exit 1"));
        Assert.Null(ProgramOutput.Of("/nowhere/sh"));
    }
}
