using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Cdr.Usage.Store.Migrations
{
    /// <inheritdoc />
    internal sealed partial class Campaigns : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "campaign_snapshots",
                columns: table => new
                {
                    Campaign = table.Column<Guid>(type: "uuid", nullable: false),
                    Phase = table.Column<int>(type: "integer", nullable: false),
                    Month = table.Column<int>(type: "integer", nullable: false),
                    Department = table.Column<string>(type: "text", nullable: false),
                    Targets = table.Column<int>(type: "integer", nullable: false),
                    Equipped = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_campaign_snapshots", x => new { x.Campaign, x.Phase, x.Month, x.Department });
                });

            migrationBuilder.CreateTable(
                name: "campaigns",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "text", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_campaigns", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "campaign_kit",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Campaign = table.Column<Guid>(type: "uuid", nullable: false),
                    Title = table.Column<string>(type: "text", nullable: false),
                    Address = table.Column<string>(type: "text", nullable: false),
                    PublishedOn = table.Column<DateOnly>(type: "date", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_campaign_kit", x => x.Id);
                    table.ForeignKey(
                        name: "FK_campaign_kit_campaigns_Campaign",
                        column: x => x.Campaign,
                        principalTable: "campaigns",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "campaign_meetings",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Campaign = table.Column<Guid>(type: "uuid", nullable: false),
                    Day = table.Column<DateOnly>(type: "date", nullable: false),
                    Region = table.Column<string>(type: "text", nullable: false),
                    Place = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_campaign_meetings", x => x.Id);
                    table.ForeignKey(
                        name: "FK_campaign_meetings_campaigns_Campaign",
                        column: x => x.Campaign,
                        principalTable: "campaigns",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "campaign_phases",
                columns: table => new
                {
                    Campaign = table.Column<Guid>(type: "uuid", nullable: false),
                    Number = table.Column<int>(type: "integer", nullable: false),
                    Name = table.Column<string>(type: "text", nullable: false),
                    Targets = table.Column<string>(type: "text", nullable: false),
                    BeganOn = table.Column<DateOnly>(type: "date", nullable: false),
                    ImportedOn = table.Column<DateOnly>(type: "date", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_campaign_phases", x => new { x.Campaign, x.Number });
                    table.ForeignKey(
                        name: "FK_campaign_phases_campaigns_Campaign",
                        column: x => x.Campaign,
                        principalTable: "campaigns",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "campaign_guests",
                columns: table => new
                {
                    Meeting = table.Column<Guid>(type: "uuid", nullable: false),
                    Finess = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_campaign_guests", x => new { x.Meeting, x.Finess });
                    table.ForeignKey(
                        name: "FK_campaign_guests_campaign_meetings_Meeting",
                        column: x => x.Meeting,
                        principalTable: "campaign_meetings",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "campaign_targets",
                columns: table => new
                {
                    Campaign = table.Column<Guid>(type: "uuid", nullable: false),
                    Phase = table.Column<int>(type: "integer", nullable: false),
                    Finess = table.Column<string>(type: "text", nullable: false),
                    Name = table.Column<string>(type: "text", nullable: false),
                    Department = table.Column<string>(type: "text", nullable: false),
                    EquippedOn = table.Column<DateOnly>(type: "date", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_campaign_targets", x => new { x.Campaign, x.Phase, x.Finess });
                    table.ForeignKey(
                        name: "FK_campaign_targets_campaign_phases_Campaign_Phase",
                        columns: x => new { x.Campaign, x.Phase },
                        principalTable: "campaign_phases",
                        principalColumns: new[] { "Campaign", "Number" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "campaign_sites",
                columns: table => new
                {
                    Campaign = table.Column<Guid>(type: "uuid", nullable: false),
                    Phase = table.Column<int>(type: "integer", nullable: false),
                    Finess = table.Column<string>(type: "text", nullable: false),
                    Establishment = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_campaign_sites", x => new { x.Campaign, x.Phase, x.Finess, x.Establishment });
                    table.ForeignKey(
                        name: "FK_campaign_sites_campaign_targets_Campaign_Phase_Finess",
                        columns: x => new { x.Campaign, x.Phase, x.Finess },
                        principalTable: "campaign_targets",
                        principalColumns: new[] { "Campaign", "Phase", "Finess" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_campaign_kit_Campaign",
                table: "campaign_kit",
                column: "Campaign");

            migrationBuilder.CreateIndex(
                name: "IX_campaign_meetings_Campaign",
                table: "campaign_meetings",
                column: "Campaign");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "campaign_guests");

            migrationBuilder.DropTable(
                name: "campaign_kit");

            migrationBuilder.DropTable(
                name: "campaign_sites");

            migrationBuilder.DropTable(
                name: "campaign_snapshots");

            migrationBuilder.DropTable(
                name: "campaign_meetings");

            migrationBuilder.DropTable(
                name: "campaign_targets");

            migrationBuilder.DropTable(
                name: "campaign_phases");

            migrationBuilder.DropTable(
                name: "campaigns");
        }
    }
}
