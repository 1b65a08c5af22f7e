//! draw.io: the boxes, lanes and lines of our own layout as cells that can be moved.

use std::fmt::Write as _;

use super::{box_lines, carries_card_data, lane_label, line_label};
use crate::layout::{Point, Rect};
use crate::scene::category::Family;
use crate::scene::markup::esc;
use crate::scene::paint::light;
use crate::scene::plan::Plan;
use crate::scene::{Bundle, Drawing, Lane, Node};

pub(super) fn write(drawing: &Drawing) -> String {
    let plan = Plan::new(drawing);
    let (width, height) = (plan.layout.width, plan.layout.height);
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<mxfile host=\"Plumbline\">\n");
    let mut line = |text: std::fmt::Arguments<'_>| {
        // Writing to a text cannot fail.
        let _ = writeln!(out, "{text}");
    };
    line(format_args!("<diagram id=\"map\" name=\"{}\">", esc(&drawing.title)));
    line(format_args!(
        "<mxGraphModel grid=\"0\" page=\"0\" pageWidth=\"{width}\" pageHeight=\"{height}\" math=\"0\" shadow=\"0\"><root>"
    ));
    line(format_args!("<mxCell id=\"0\"/><mxCell id=\"1\" parent=\"0\"/>"));
    for (number, lane) in plan.lanes.iter().enumerate() {
        let band = plan.layout.lanes[number];
        line(format_args!(
            "<mxCell id=\"lane-{number}\" value=\"{}\" style=\"{}\" vertex=\"1\" parent=\"1\">{}</mxCell>",
            esc(&lane_label(lane)),
            lane_style(lane),
            geometry(&band)
        ));
    }
    for (number, node) in plan.nodes.iter().enumerate() {
        let lane = plan.lane_of[number];
        let band = plan.layout.lanes[lane];
        let own = plan.layout.boxes[number];
        let within = Rect { x: own.x - band.x, y: own.y - band.y, ..own };
        let [name, kind] = box_lines(node);
        line(format_args!(
            "<mxCell id=\"node-{number}\" value=\"{}&#10;{}\" style=\"{}\" vertex=\"1\" parent=\"lane-{lane}\">{}</mxCell>",
            esc(&name),
            esc(&kind),
            node_style(node),
            geometry(&within)
        ));
    }
    for (number, (bundle, (from, to))) in plan.bundles.iter().zip(&plan.ends).enumerate() {
        let points = &plan.layout.routes[number].points;
        let ends = format!(
            "{}{}",
            attachment("exit", points.first(), &plan.layout.boxes[*from]),
            attachment("entry", points.last(), &plan.layout.boxes[*to])
        );
        let bends: String = points
            .get(1..points.len().saturating_sub(1))
            .unwrap_or_default()
            .iter()
            .map(|point| format!("<mxPoint x=\"{}\" y=\"{}\"/>", point.x, point.y))
            .collect();
        line(format_args!(
            "<mxCell id=\"edge-{number}\" value=\"{}\" style=\"{}{ends}\" edge=\"1\" parent=\"1\" source=\"node-{from}\" target=\"node-{to}\"><mxGeometry relative=\"1\" as=\"geometry\"><Array as=\"points\">{bends}</Array></mxGeometry></mxCell>",
            esc(&line_label(bundle)),
            edge_style(bundle)
        ));
    }
    line(format_args!("</root></mxGraphModel></diagram>\n</mxfile>"));
    out
}

fn geometry(rect: &Rect) -> String {
    let Rect { x, y, width, height } = rect;
    format!("<mxGeometry x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" as=\"geometry\"/>")
}

/// Labels are plain text (`html=0`), so that nothing in a name is markup.
fn lane_style(lane: &Lane) -> String {
    let border = if lane.cde {
        format!("strokeColor={};strokeWidth=2;dashed=1;", light(Family::Cde).line)
    } else {
        "strokeColor=#D5D9E0;".to_owned()
    };
    format!(
        "rounded=1;arcSize=3;html=0;whiteSpace=wrap;align=left;verticalAlign=top;spacingLeft=8;spacingTop=6;fontStyle=1;fontSize=12;fontColor=#4A5261;fillColor=#EEF0F4;container=1;collapsible=0;{border}"
    )
}

fn node_style(node: &Node) -> String {
    let colours = light(node.category.family());
    let (tenths, dashes) = node.category.border();
    let width = format!("{}.{}", tenths / 10, tenths % 10);
    let dashes = dashes.map(|dashes| format!("dashed=1;dashPattern={dashes};")).unwrap_or_default();
    format!(
        "rounded=1;arcSize=12;html=0;whiteSpace=wrap;fontSize=12;fontColor=#14181F;fillColor=#FFFFFF;strokeColor={};strokeWidth={width};{dashes}",
        colours.line
    )
}

fn edge_style(bundle: &Bundle) -> String {
    let mut style = "edgeStyle=orthogonalEdgeStyle;rounded=1;html=0;fontSize=10;".to_owned();
    style.push_str(&if carries_card_data(bundle) {
        format!("strokeColor={};strokeWidth=2.2;", light(Family::Cde).line)
    } else {
        "strokeColor=#848C9A;".to_owned()
    });
    if bundle.admin {
        style.push_str("shape=link;");
    }
    style.push_str(if bundle.webhook { "endArrow=block;endFill=0;" } else { "endArrow=block;endFill=1;" });
    style
}

/// Where a line is attached to a box, in thousandths of its width and height.
fn attachment(end: &str, point: Option<&Point>, rect: &Rect) -> String {
    let Some(point) = point else { return String::new() };
    let share = |at: i32, size: i32| {
        let thousandths = (at * 1000 / size.max(1)).clamp(0, 1000);
        format!("{}.{:03}", thousandths / 1000, thousandths % 1000)
    };
    let (x, y) = (share(point.x - rect.x, rect.width), share(point.y - rect.y, rect.height));
    format!("{end}X={x};{end}Y={y};{end}Dx=0;{end}Dy=0;")
}
