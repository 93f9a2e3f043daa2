using MudBlazor;

namespace Cdr.Portal.Layout;

/// <summary>Colours and type, each pair of text and ground at 4.5:1 or more; fonts of the workstation, none from elsewhere.</summary>
internal static class Look
{
    private static readonly string[] Fonts = ["Marianne", "Segoe UI", "system-ui", "Liberation Sans", "DejaVu Sans", "sans-serif"];

    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#123f66",
            Secondary = "#0b6b6b",
            Info = "#1a5a96",
            Success = "#1b6b3a",
            Warning = "#8a4b00",
            Error = "#a4161a",
            AppbarBackground = "#123f66",
            AppbarText = "#ffffff",
            Background = "#f4f6f9",
            Surface = "#ffffff",
            TextPrimary = "#1d2733",
            TextSecondary = "#4a5868",
            ActionDefault = "#4a5868",
            LinesDefault = "#d3dae3",
        },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Fonts, FontSize = "1rem", LineHeight = "1.5" },
            Button = new ButtonTypography { FontFamily = Fonts, TextTransform = "none", FontSize = "1rem", FontWeight = "600" },
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "6px" },
    };
}
