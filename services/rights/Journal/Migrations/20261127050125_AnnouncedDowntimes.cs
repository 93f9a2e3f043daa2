using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Cdr.Rights.Journal.Migrations
{
    /// <inheritdoc />
    internal sealed partial class AnnouncedDowntimes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "announced_downtimes",
                columns: table => new
                {
                    Announcement = table.Column<Guid>(type: "uuid", nullable: false),
                    SaidAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Regime = table.Column<string>(type: "text", nullable: false),
                    From = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    To = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Withdrawn = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_announced_downtimes", x => new { x.Announcement, x.SaidAt });
                });

            migrationBuilder.CreateIndex(
                name: "IX_announced_downtimes_To",
                table: "announced_downtimes",
                column: "To");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "announced_downtimes");
        }
    }
}
