//! rich_text
